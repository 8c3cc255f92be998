"""Place a purchase order with a supplier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import PurchaseLine, PurchaseOrderPlaced
from purchasing.orders import store
from purchasing.orders.domain import ForeignCurrency, OrderLine, PurchaseOrder
from purchasing.reference import store as reference
from purchasing.suppliers import store as suppliers
from servicekit import outbox
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "PO"


@dataclass(frozen=True)
class LineWanted:
    """A line of the order to be placed."""

    item_id: str
    quantity: Decimal
    unit: str
    unit_cost: Decimal


@dataclass(frozen=True, kw_only=True)
class PlaceOrder:
    """What is to be ordered, by whom."""

    supplier_id: str
    site_id: str
    warehouse_id: str
    currency: str
    due_date: date
    lines: Sequence[LineWanted]
    placed_by: str
    books_currency: str


async def place_order(session: AsyncSession, wanted: PlaceOrder) -> PurchaseOrder:
    """Return the order placed; raise if anything it names is unknown or does not fit."""
    if wanted.currency != wanted.books_currency:
        raise ForeignCurrency(books=wanted.books_currency, currency=wanted.currency)
    await suppliers.supplier(session, wanted.supplier_id)
    site = await reference.site_with_warehouse(session, wanted.site_id, wanted.warehouse_id)
    lines = await _checked_lines(session, wanted.lines)
    at = now()
    order = PurchaseOrder(
        order_id=new_id(),
        number=await store.next_number(session, PREFIX, site.site_id, site.day_of(at)),
        supplier_id=wanted.supplier_id,
        site_id=wanted.site_id,
        warehouse_id=wanted.warehouse_id,
        currency=wanted.currency,
        due_date=wanted.due_date,
        placed_at=at,
        placed_by=wanted.placed_by,
        lines=lines,
    )
    session.add(order)
    await outbox.add(session, [_placed(order)])
    return order


async def _checked_lines(session: AsyncSession, wanted: Sequence[LineWanted]) -> list[OrderLine]:
    items = await reference.items_of(session, [line.item_id for line in wanted])
    lines = []
    for line_no, line in enumerate(wanted, start=1):
        items[line.item_id].must_be_orderable(line_no)
        items[line.item_id].must_measure(line.quantity, line.unit, line_no)
        lines.append(
            OrderLine(
                line_no=line_no,
                item_id=line.item_id,
                unit=line.unit,
                quantity=line.quantity,
                unit_cost=line.unit_cost,
            )
        )
    return lines


def _placed(order: PurchaseOrder) -> PurchaseOrderPlaced:
    return PurchaseOrderPlaced(
        order_id=order.order_id,
        number=order.number,
        supplier_id=order.supplier_id,
        site_id=order.site_id,
        warehouse_id=order.warehouse_id,
        currency=order.currency,
        due_date=order.due_date,
        placed_at=order.placed_at,
        lines=tuple(
            PurchaseLine(
                line_no=line.line_no,
                item_id=line.item_id,
                quantity=line.quantity,
                unit_cost=line.unit_cost,
            )
            for line in order.lines
        ),
    )
