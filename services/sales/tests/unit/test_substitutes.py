"""What stands in for what: on its days, in its order, and never less than what is wanted."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.substitutes.domain import (
    NotSubstitute,
    StandIn,
    Substitution,
    must_stand_in,
    stand_ins,
)

DAY = date(2026, 11, 28)


def said(item_id: str, substitute_id: str, **changes: Any) -> Substitution:
    known: dict[str, Any] = {
        "rank": 1,
        "numerator": 1,
        "denominator": 1,
        "both_ways": False,
        "valid_from": date(2026, 1, 1),
        "valid_to": None,
        **changes,
    }
    return Substitution(item_id=item_id, substitute_id=substitute_id, **known)


def test_the_best_rank_comes_first_and_the_other_way_round_last() -> None:
    known = [
        said("tea", "b", rank=2),
        said("tea", "a", rank=1, numerator=3, denominator=2),
        said("c", "tea", rank=1, both_ways=True, numerator=3, denominator=2),
        said("d", "tea"),
    ]
    found = stand_ins(known, "tea", DAY)
    assert found == [
        StandIn("a", Fraction(3, 2)),
        StandIn("b", Fraction(1)),
        StandIn("c", Fraction(2, 3)),
    ]


def test_it_counts_on_its_first_and_last_day_alone() -> None:
    one = said("tea", "a", valid_from=DAY, valid_to=DAY)
    assert [one.counts_on(date(2026, 11, day)) for day in (27, 28, 29)] == [False, True, False]


def test_what_nobody_said_stands_in_for_nothing() -> None:
    known = [said("tea", "a")]
    must_stand_in(known, {1: ("a", "tea")}, DAY)
    with pytest.raises(NotSubstitute):
        must_stand_in(known, {1: ("tea", "a")}, DAY)


@given(
    st.decimals("0.001", 1000, places=3),
    st.fractions(Fraction(1, 50), 50, max_denominator=60),
    st.integers(0, 3),
)
def test_so_much_stands_in_as_can_be_counted_out_and_no_step_more(
    quantity: Decimal, ratio: Fraction, scale: int
) -> None:
    found = StandIn("a", ratio).quantity_for(quantity, scale)
    step = Fraction(1, 10**scale)
    assert Fraction(found) - step < Fraction(quantity) * ratio <= Fraction(found)
