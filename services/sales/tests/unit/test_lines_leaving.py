"""What leaves is what is held, and it leaves for what the order said, to the cent."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sales.orders.domain.lines import HeldLine, OrderLine
from sales.shipments.domain import held_as_ordered, lines_leaving

UNITS = {"tea": "box", "cup": "pc"}
CENTS = st.decimals(0, 10_000, places=2)
QUANTITIES = st.lists(st.decimals("0.001", 1000, places=3), min_size=1, max_size=20)


def ordered(amount: str | Decimal, line_no: int = 1, **more: Any) -> OrderLine:
    fields: dict[str, Any] = {"item_id": "tea", "unit": "case", "quantity": Decimal(1), **more}
    return OrderLine(line_no=line_no, amount=Decimal(amount), **fields)


def held(line_no: int, item_id: str, quantity: str | Decimal, order_line_no: int = 1) -> HeldLine:
    return HeldLine(
        line_no=line_no,
        order_line_no=order_line_no,
        item_id=item_id,
        quantity=Decimal(quantity),
    )


def test_a_line_in_another_unit_leaves_in_the_base_unit_for_its_whole_amount() -> None:
    (line,) = lines_leaving([ordered("30.00")], [held(1, "tea", "12")], UNITS)
    assert (line.quantity, line.unit, line.amount) == (Decimal(12), "box", Decimal("30.00"))


def test_components_share_the_kits_amount_by_quantity_and_the_last_takes_the_rest() -> None:
    order = [ordered("10.00"), ordered("4.00", 2)]
    goods = [held(2, "tea", "1", 2), held(3, "tea", "1"), held(4, "cup", "1"), held(5, "cup", "1")]
    lines = lines_leaving(order, goods, UNITS)
    assert [(line.line_no, str(line.amount)) for line in lines] == [
        (2, "4.00"),
        (3, "3.33"),
        (4, "3.33"),
        (5, "3.34"),
    ]


@given(CENTS, QUANTITIES)
def test_no_cent_is_lost_or_made(amount: Decimal, quantities: list[Decimal]) -> None:
    goods = [held(no, "tea", quantity) for no, quantity in enumerate(quantities, start=2)]
    lines = lines_leaving([ordered(amount)], goods, UNITS)
    assert sum(line.amount for line in lines) == amount
    assert all(line.amount >= 0 for line in lines)
    assert [line.quantity for line in lines] == quantities


def test_an_order_from_before_held_lines_were_kept_ships_what_it_asked_for() -> None:
    order = [ordered("9.90", unit="box", batch_id="L1", quantity=Decimal(3))]
    (line,) = lines_leaving(order, held_as_ordered(order), UNITS)
    assert (line.quantity, line.batch_id, line.amount) == (Decimal(3), "L1", Decimal("9.90"))
