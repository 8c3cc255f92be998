"""Of each line as much is held as there is, in whole steps of how it was asked for (B2, B4, B6)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from inventory.catalog.domain import Item, Units
from inventory.catalog.domain.units import UnitConversion
from inventory.reservations.domain.assortment import Assortment, Wanted, WantedLine
from inventory.reservations.domain.partial import hold_what_there_is
from inventory.reservations.domain.reservation import Reservation
from inventory.stock.domain import Balance, Place

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def assortment(scale: int, ratio: tuple[int, int]) -> Assortment:
    tea = Item("tea", "Tea", "box", scale)
    case = UnitConversion("tea", "case", 1, *ratio, NOON)
    return Assortment({"tea": tea}, {"tea": Units("tea", "box", scale, {"case": case})})


def held(
    known: Assortment, there: Decimal, *asked: tuple[Decimal, str]
) -> list[tuple[int, Decimal, Decimal | None]]:
    lines = [WantedLine("tea", quantity, unit) for quantity, unit in asked]
    wanted = Wanted(uuid4(), "north", "main", timedelta(hours=2), lines)
    understood = Reservation(
        uuid4(), wanted.order_id, "north", "main", NOON, NOON, lines=known.understand(wanted)
    )
    balances = {Place("north", "tea", "main", ""): Balance(on_hand=there)}
    kept, _ = hold_what_there_is((known, wanted), understood, balances, {})
    return [(line.line_no, line.quantity, line.unit_quantity) for line in kept]


@given(st.integers(1, 500), st.integers(0, 700), st.integers(1, 48), st.integers(1, 6))
def test_whole_cases_are_held_as_many_as_there_are_and_never_more(
    cases: int, there: int, numerator: int, denominator: int
) -> None:
    asked = Decimal(cases * denominator)  # so that it comes to whole boxes
    known = assortment(0, (numerator, denominator))
    found = held(known, Decimal(there), (asked, "case"))
    if not found:
        assert there < numerator
        return
    ((_, quantity, unit_quantity),) = found
    assert unit_quantity is not None
    assert unit_quantity == int(unit_quantity) <= asked
    assert quantity * denominator == unit_quantity * numerator
    assert quantity <= there
    least = numerator  # of `denominator` cases: fewer may be no whole number of boxes
    assert unit_quantity == asked or quantity + least > there


def test_what_is_asked_for_in_tenths_is_held_in_tenths() -> None:
    known = assortment(0, (1000, 1))
    found = held(known, Decimal(1750), (Decimal("2.5"), "case"))
    assert found == [(1, Decimal(1700), Decimal("1.7"))]


def test_later_lines_get_what_earlier_ones_leave() -> None:
    known = assortment(3, (12, 1))
    found = held(known, Decimal("26.5"), (Decimal(3), "case"), (Decimal(9), "box"))
    assert found == [(1, Decimal(24), Decimal(2)), (2, Decimal("2.5"), None)]
