"""An order is split so that nothing of it, and no cent, is lost."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sales.orders.domain.lines import OrderLine
from sales.orders.domain.splitting import PartHeld, is_part, split

QUANTITIES = st.decimals("0.001", "999999", places=3)
AMOUNTS = st.decimals("0", "999999", places=2)


def line(line_no: int, quantity: Decimal, amount: Decimal, *serials: str) -> OrderLine:
    return OrderLine(
        line_no=line_no,
        item_id="tea",
        unit="box",
        quantity=quantity,
        amount=amount,
        serials=serials,
    )


@given(QUANTITIES, AMOUNTS, st.fractions(0, 1, max_denominator=100))
def test_both_parts_add_up_to_the_line(quantity: Decimal, amount: Decimal, share: object) -> None:
    held = round(quantity * Decimal(float(share)), 3)  # type: ignore[arg-type]
    parted = split([line(1, quantity, amount)], {1: PartHeld(held)} if held else {})
    both = [*parted.kept, *parted.rest]
    assert sum(one.quantity for one in both) == quantity
    assert sum(one.amount for one in both) == amount
    assert all(one.quantity > 0 and one.amount >= 0 for one in both)


def test_what_is_kept_is_numbered_on_and_the_rest_from_one() -> None:
    lines = [line(4, Decimal(3), Decimal(10)), line(5, Decimal(1), Decimal(2))]
    parted = split(lines, {1: PartHeld(Decimal(1))})
    assert [(one.line_no, one.amount) for one in parted.kept] == [(6, Decimal("3.33"))]
    assert [(one.line_no, one.amount) for one in parted.rest] == [
        (1, Decimal("6.67")),
        (2, Decimal(2)),
    ]
    assert (parted.kept_of, parted.rest_of) == ({6: 4}, {1: 4, 2: 5})


def test_units_go_with_the_part_that_holds_them() -> None:
    lines = [line(1, Decimal(2), Decimal(10), "S1", "S2")]
    parted = split(lines, {1: PartHeld(Decimal(1), ("S2",))})
    assert [list(one.serials) for one in (*parted.kept, *parted.rest)] == [["S2"], ["S1"]]


def test_all_of_the_lines_are_no_part() -> None:
    lines = [line(1, Decimal(2), Decimal(10)), line(2, Decimal(1), Decimal(2))]
    assert not is_part(lines, {1: PartHeld(Decimal(2)), 2: PartHeld(Decimal(1))})
    assert is_part(lines, {1: PartHeld(Decimal(2))})
