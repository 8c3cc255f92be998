"""What is in transit: units arrive, and are lost, by their numbers (A4)."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.stock.domain import InTransit, MoreThanInTransit, OtherThanInTransit, Part

UNITS = st.sets(st.sampled_from([f"S{number}" for number in range(1, 8)]))


def sent(*serials: str, quantity: int | None = None, tolerated: int = 0) -> InTransit:
    dispatched = Decimal(len(serials) if quantity is None else quantity)
    return InTransit(
        to_site_id="south",
        document_id=UUID(int=1),
        line_no=1,
        item_id="till",
        batch_id="",
        from_site_id="north",
        from_warehouse_id="main",
        to_warehouse_id="back",
        dispatch_sequence=1,
        dispatched_at=datetime(2026, 1, 1, tzinfo=UTC),
        expected_at=None,
        dispatched=dispatched,
        outstanding=dispatched,
        tolerated=Decimal(tolerated),
        serials=serials,
    )


def part(*serials: str) -> Part:
    return Part(Decimal(len(serials)), serials)


@given(UNITS, st.lists(UNITS, max_size=4))
def test_whatever_arrives_the_units_awaited_are_those_sent_that_did_not(
    dispatched: set[str], arrivals: list[set[str]]
) -> None:
    transit, came = sent(*sorted(dispatched), tolerated=99), set[str]()
    for arriving in arrivals:
        arrived, surplus = transit.arrive(part(*sorted(arriving)))
        assert set(arrived.serials) == (arriving & dispatched) - came
        assert set(surplus.serials) == arriving - set(arrived.serials)
        assert (arrived.quantity, surplus.quantity) == (len(arrived.serials), len(surplus.serials))
        came |= arriving
    assert set(transit.awaited) == dispatched - came
    assert transit.outstanding == len(transit.awaited)


def test_a_unit_that_was_not_sent_is_over_receipt_though_as_many_are_awaited() -> None:
    transit = sent("S1", "S2")
    with pytest.raises(OtherThanInTransit) as refused:
        transit.arrive(part("S1", "S9"))
    assert (refused.value.code, refused.value.facts["serials"]) == ("more_than_in_transit", "S9")
    assert (transit.awaited, transit.outstanding) == (["S1", "S2"], 2)


def test_only_units_that_are_awaited_are_lost() -> None:
    transit = sent("S1", "S2")
    transit.arrive(part("S1"))
    with pytest.raises(OtherThanInTransit):
        transit.lose(part("S1"))
    transit.lose(part("S2"))
    assert (transit.awaited, transit.outstanding) == ([], 0)


def test_a_unit_is_awaited_again_when_its_arrival_is_taken_back() -> None:
    transit = sent("S1", "S2")
    transit.arrive(part("S2", "S1"))
    transit.return_to_transit(part("S1"))
    assert (transit.awaited, transit.outstanding) == (["S1"], 1)
    with pytest.raises(MoreThanInTransit):
        transit.arrive(part("S2"))


def test_units_that_were_sent_without_their_numbers_arrive_by_how_many_they_are() -> None:
    arrived, surplus = sent(quantity=2, tolerated=1).arrive(part("S1", "S2", "S3"))
    assert (list(arrived.serials), list(surplus.serials)) == (["S1", "S2"], ["S3"])


def test_goods_without_numbers_arrive_by_quantity() -> None:
    arrived, surplus = sent(quantity=5, tolerated=2).arrive(Part(Decimal(6)))
    assert (arrived, surplus) == (Part(Decimal(5)), Part(Decimal(1)))
