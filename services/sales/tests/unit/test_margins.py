"""Corrections of cost are borne by the lines they are about, to the cent (C7)."""

from decimal import Decimal
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from sales.margins.domain import LineGone, shares_of


def gone(quantity: str) -> LineGone:
    return LineGone(shipment_id=uuid4(), line_no=1, quantity=Decimal(quantity))


def test_lines_bear_a_correction_in_proportion() -> None:
    lines = [gone("1"), gone("2"), gone("0"), gone("3")]
    shared = [one.amount for one in shares_of(Decimal("1.00"), lines)]
    assert shared == [Decimal("0.17"), Decimal("0.33"), Decimal("0.50")]


def test_what_no_line_can_bear_stays_with_none() -> None:
    assert list(shares_of(Decimal(5), [])) == []
    assert list(shares_of(Decimal(5), [gone("0")])) == []


@given(
    cents=st.integers(-1_000_000, 1_000_000),
    quantities=st.lists(st.integers(1, 10_000), min_size=1, max_size=30),
)
def test_nothing_of_a_correction_is_left(cents: int, quantities: list[int]) -> None:
    amount = Decimal(cents) / 100
    shared = shares_of(amount, [gone(str(one)) for one in quantities])
    assert sum((one.amount for one in shared), Decimal(0)) == amount
