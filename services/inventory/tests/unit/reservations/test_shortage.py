"""Which lines are short, by how much, and what would help (B3)."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from inventory.reservations.domain.reservation import Reservation, ReservedLine
from inventory.reservations.domain.shortage import Shortage, WayOut, promise, shortages
from inventory.stock.domain import Balance, Place

quantities = st.decimals(min_value="0.001", max_value=100, places=3)


def line(number: int, item: str, quantity: Decimal | int) -> ReservedLine:
    return ReservedLine(number, item, Decimal(quantity), Decimal(quantity))


def order(*lines: ReservedLine) -> Reservation:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Reservation(uuid4(), uuid4(), "north", "main", at, at, lines=list(lines))


def shelf(**there: Decimal | int) -> dict[Place, Balance]:
    return {Place("north", item, "main"): Balance(Decimal(q)) for item, q in there.items()}


def test_what_is_available_is_enough() -> None:
    assert shortages(order(line(1, "tea", 5)), shelf(tea=5)) == []


def test_earlier_lines_come_first() -> None:
    (short,) = shortages(order(line(1, "tea", 3), line(2, "tea", 4)), shelf(tea=5))
    assert (short.line.line_no, short.earlier, short.left, short.short) == (2, 3, 2, 2)


def test_a_place_without_a_balance_has_nothing() -> None:
    (short,) = shortages(order(line(1, "tea", 3)), {})
    assert (short.left, short.short) == (0, 3)


def test_ways_out_name_what_withholds_the_goods() -> None:
    balance = Balance(Decimal(9), Decimal(2), Decimal(3), Decimal(4))
    short = Shortage(line(1, "tea", 5), Decimal(0), balance)
    assert short.ways_out(other_warehouse=False, other_site=True) == [
        WayOut.OTHER_SITE,
        WayOut.AWAIT_RELEASE,
        WayOut.FINISH_INSPECTION,
        WayOut.RELEASE_FROZEN,
        WayOut.REPLENISH,
    ]


def test_there_is_always_a_way_out() -> None:
    short = Shortage(line(1, "tea", 5), Decimal(0), Balance())
    assert short.ways_out(other_warehouse=False, other_site=False) == [WayOut.REPLENISH]


@given(
    st.lists(st.tuples(st.sampled_from(["tea", "rice"]), quantities), min_size=1, max_size=8),
    st.fixed_dictionaries({"tea": quantities, "rice": quantities}),
)
def test_an_order_is_short_exactly_if_its_lines_can_not_all_be_allocated(
    wanted: list[tuple[str, Decimal]], there: dict[str, Decimal]
) -> None:
    """B2: all or nothing."""
    lines = [line(number, item, quantity) for number, (item, quantity) in enumerate(wanted, 1)]
    balances = shelf(**there)
    totals = {
        place: sum((q for name, q in wanted if name == place.item_id), Decimal(0))
        for place in balances
    }
    fits = all(totals[place] <= balance.on_hand for place, balance in balances.items())
    short = shortages(order(*lines), balances)
    assert (not short) == fits
    assert all(one.short > 0 for one in short)
    assert promise(order(*lines), balances) == fits
    for place, balance in balances.items():
        assert balance.allocated == (totals[place] if fits else 0)


def test_orders_that_come_together_get_their_turn_as_they_came() -> None:
    """B1: one that is too big takes nothing, and leaves what it could not have to the next."""
    balances = shelf(tea=5, rice=1)
    turns = [
        order(line(1, "tea", 2)),
        order(line(1, "tea", 3), line(2, "rice", 2)),
        order(line(1, "tea", 3)),
        order(line(1, "tea", 1)),
    ]
    assert [promise(one, balances) for one in turns] == [True, False, True, False]
