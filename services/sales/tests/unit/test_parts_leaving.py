"""An order leaves in parts: never more than is held, for just what it came to."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.shipments.domain import PartWanted, ShipmentLine, parts_leaving, rests
from sales.shipments.domain.refusals import PartNamesOtherUnits, PartNotHeld, PartTooLarge

CENTS = st.decimals(0, 10_000, places=2)
QUANTITIES = st.lists(st.decimals("0.001", 1000, places=3), min_size=1, max_size=12)


def line(
    line_no: int, quantity: str | Decimal, amount: str | Decimal, *serials: str
) -> ShipmentLine:
    return ShipmentLine(
        line_no=line_no,
        item_id=f"item-{line_no}",
        unit="pc",
        quantity=Decimal(quantity),
        amount=Decimal(amount),
        serials=serials,
    )


def want(line_no: int, quantity: str | Decimal, *serials: str) -> PartWanted:
    return PartWanted(line_no=line_no, quantity=Decimal(quantity), serials=serials)


def test_a_part_leaves_for_its_share_and_the_rest_can_follow() -> None:
    whole = [line(1, "3", "10.00"), line(2, "1", "5.00")]
    first = parts_leaving("SO-1", rests(whole, []), [want(1, "1")])
    assert [(one.line_no, one.quantity, str(one.amount)) for one in first] == [(1, 1, "3.33")]
    left = rests(whole, first)
    assert {number: rest.quantity for number, rest in left.items()} == {1: 2, 2: 1}
    last = parts_leaving("SO-1", left, [])
    assert [(one.line_no, one.quantity, str(one.amount)) for one in last] == [
        (1, 2, "6.67"),
        (2, 1, "5.00"),
    ]
    assert rests(whole, [*first, *last]) == {}


@given(CENTS, QUANTITIES)
def test_no_cent_is_lost_or_made_in_however_many_parts(
    amount: Decimal, quantities: list[Decimal]
) -> None:
    whole, before = [line(1, sum(quantities, Decimal(0)), amount)], list[ShipmentLine]()
    for quantity in quantities:
        before += parts_leaving("SO-1", rests(whole, before), [want(1, quantity)])
    assert sum(one.amount for one in before) == amount
    assert all(one.amount >= 0 for one in before)
    assert rests(whole, before) == {}


@pytest.mark.parametrize(
    ("wanted", "refused"),
    [
        ([want(1, "4")], PartTooLarge),
        ([want(7, "1")], PartNotHeld),
        ([want(1, "1"), want(1, "1")], PartNotHeld),
        ([want(2, "1")], PartNamesOtherUnits),
        ([want(2, "2", "a", "a")], PartNamesOtherUnits),
        ([want(2, "1", "z")], PartNamesOtherUnits),
        ([want(1, "1", "a")], PartNamesOtherUnits),
    ],
)
def test_what_is_not_there_to_leave_is_refused_by_its_line(
    wanted: list[PartWanted], refused: type[Exception]
) -> None:
    whole = [line(1, "3", "10.00"), line(2, "2", "8.00", "a", "b")]
    with pytest.raises(refused):
        parts_leaving("SO-1", rests(whole, []), wanted)


def test_units_that_have_left_are_no_longer_among_those_that_can() -> None:
    """B5."""
    whole = [line(2, "2", "8.00", "a", "b")]
    first = parts_leaving("SO-1", rests(whole, []), [want(2, "1", "b")])
    left = rests(whole, first)
    assert left[2].serials == ("a",)
    with pytest.raises(PartNamesOtherUnits):
        parts_leaving("SO-1", left, [want(2, "1", "b")])
    (last,) = parts_leaving("SO-1", left, [])
    assert (last.serials, last.amount) == (("a",), Decimal("4.00"))
