"""Which lines are short, by how much, and what would help (B3)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from inventory.reservations.domain.reservation import ReservedLine
from inventory.reservations.domain.shortage import Shortage, WayOut, shortages
from inventory.stock.domain import Balance

quantities = st.decimals(min_value="0.001", max_value=100, places=3)


def line(number: int, item: str, quantity: Decimal | int) -> ReservedLine:
    return ReservedLine(number, item, Decimal(quantity), Decimal(quantity))


def test_what_is_available_is_enough() -> None:
    assert shortages([line(1, "tea", 5)], {"tea": Balance(Decimal(5))}) == []


def test_earlier_lines_come_first() -> None:
    (short,) = shortages([line(1, "tea", 3), line(2, "tea", 4)], {"tea": Balance(Decimal(5))})
    assert (short.line.line_no, short.earlier, short.left, short.short) == (2, 3, 2, 2)


def test_a_place_without_a_balance_has_nothing() -> None:
    (short,) = shortages([line(1, "tea", 3)], {})
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
    balances = {item: Balance(quantity) for item, quantity in there.items()}
    totals = {item: sum((q for name, q in wanted if name == item), Decimal(0)) for item in balances}
    fits = all(totals[item] <= quantity for item, quantity in there.items())
    short = shortages(lines, balances)
    assert (not short) == fits
    assert all(one.short > 0 for one in short)
    if fits:
        for one in lines:
            balances[one.item_id].allocate(one.quantity)
