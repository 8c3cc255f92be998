"""Batches: their dates, until when they are sold, and which are proposed first (B5, H3)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalog.domain import Item, Tracking
from inventory.stock.domain import (
    Balance,
    Batch,
    BatchDatesCrossed,
    BatchDiffers,
    BatchExpired,
    BatchInNoSaleWindow,
    BatchUndated,
    Offer,
    first_expiry_first_out,
)

TODAY = date(2026, 11, 23)


def milk(**changes: Any) -> Item:
    described = {"tracking": Tracking.BATCH, "shelf_life_days": 10, "no_sale_days": 2, **changes}
    return Item("milk", "Milk", "EA", 0, **described)


def batch(batch_id: str = "L1", **dates: Any) -> Batch:
    return Batch("milk", batch_id, **dates)


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def test_the_expiry_follows_from_the_manufacture_unless_the_label_says_it() -> None:
    assert batch(manufactured_on=TODAY).dated(milk()).expires_on == in_days(10)
    named = batch(manufactured_on=TODAY, expires_on=in_days(7)).dated(milk())
    assert named.expires_on == in_days(7)
    assert batch(manufactured_on=TODAY).dated(milk(shelf_life_days=None)).expires_on is None


def test_nothing_expires_before_it_is_made() -> None:
    with pytest.raises(BatchDatesCrossed):
        batch(manufactured_on=TODAY, expires_on=in_days(-1)).dated(milk())


def test_a_batch_of_an_item_with_a_shelf_life_has_a_date() -> None:
    with pytest.raises(BatchUndated):
        batch().must_be_dated(milk())
    batch().must_be_dated(milk(shelf_life_days=None))


def test_a_batch_takes_over_what_was_not_known_and_refuses_other_dates() -> None:
    known = batch(expires_on=TODAY)
    assert known.complete(batch(manufactured_on=in_days(-5), attributes={"field": "7"}))
    assert (known.manufactured_on, known.attributes) == (in_days(-5), {"field": "7"})
    assert not known.complete(batch())
    with pytest.raises(BatchDiffers):
        known.complete(batch(expires_on=in_days(1)))


@pytest.mark.parametrize(
    ("left", "refusal"),
    [(2, None), (1, BatchInNoSaleWindow), (0, BatchInNoSaleWindow), (-1, BatchExpired)],
)
def test_a_batch_is_sold_until_its_no_sale_window(left: int, refusal: Any) -> None:
    near = batch(expires_on=in_days(left))
    if refusal is None:
        near.must_be_sellable(milk(), TODAY)
        return
    with pytest.raises(refusal) as refused:
        near.must_be_sellable(milk(), TODAY)
    assert refused.value.facts["expires_on"] == str(near.expires_on)
    assert refused.value.facts["today"] == "2026-11-23"


def test_a_batch_without_expiry_is_sold_for_ever() -> None:
    batch().must_be_sellable(milk(), date.max)


offers = st.lists(
    st.builds(
        Offer,
        batch=st.builds(
            Batch,
            item_id=st.just("milk"),
            batch_id=st.text("abc", min_size=1, max_size=3),
            expires_on=st.none() | st.dates(in_days(-5), in_days(30)),
        ),
        balance=st.builds(
            Balance, on_hand=st.integers(5, 9).map(Decimal), frozen=st.integers(0, 5).map(Decimal)
        ),
    ),
    max_size=8,
)


@given(offers=offers, quantity=st.integers(1, 40).map(Decimal))
def test_what_expires_first_goes_first_and_nothing_unsellable_goes_at_all(
    offers: list[Offer], quantity: Decimal
) -> None:
    proposal = first_expiry_first_out(milk(), offers, quantity, TODAY)
    ends = [pick.offer.batch.expires_on or date.max for pick in proposal.picks]
    assert ends == sorted(ends)
    assert all(end >= in_days(2) for end in ends)
    assert sum(pick.quantity for pick in proposal.picks) + proposal.missing == quantity
    assert all(pick.quantity <= pick.offer.balance.available for pick in proposal.picks)
    for earlier in proposal.picks[:-1]:
        assert earlier.quantity == earlier.offer.balance.available
    codes = {one.reason.code for one in proposal.left_out}
    assert codes <= {"batch_expired", "batch_in_no_sale_window", "batch_taken"}
    if proposal.missing:
        assert len(proposal.picks) + len(proposal.left_out) == len(offers)
