"""Tell the world what was ordered, what is different about it, and that it ended."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import (
    PurchaseLine,
    PurchaseOrderChanged,
    PurchaseOrderClosed,
    PurchaseOrderPlaced,
)
from purchasing.orders.domain import OrderLine, OrderStatus, PurchaseOrder
from purchasing.reference.domain import cost_per
from servicekit import outbox
from servicekit.clock import now


async def announce_placed(session: AsyncSession, order: PurchaseOrder) -> None:
    """Say that the supplier has the order."""
    event = PurchaseOrderPlaced(
        order_id=order.order_id,
        number=order.number,
        supplier_id=order.supplier_id,
        site_id=order.site_id,
        warehouse_id=order.warehouse_id,
        currency=order.currency,
        due_date=order.due_date,
        placed_at=order.placed_at or now(),
        lines=_lines(order),
    )
    await outbox.add(session, [event])


async def announce_changed(
    session: AsyncSession, order: PurchaseOrder, by: str, reason: str
) -> None:
    """Say what is agreed now."""
    event = PurchaseOrderChanged(
        order_id=order.order_id,
        number=order.number,
        supplier_id=order.supplier_id,
        site_id=order.site_id,
        warehouse_id=order.warehouse_id,
        currency=order.currency,
        due_date=order.due_date,
        version=order.version,
        changed_at=now(),
        changed_by=by,
        reason=reason,
        lines=_lines(order),
    )
    await outbox.add(session, [event])


async def announce_closed(
    session: AsyncSession, order: PurchaseOrder, by: str, reason: str
) -> None:
    """Say that nothing more is expected."""
    event = PurchaseOrderClosed(
        order_id=order.order_id,
        number=order.number,
        supplier_id=order.supplier_id,
        site_id=order.site_id,
        cause="cancelled" if order.status is OrderStatus.CANCELLED else "closed",
        reason=reason,
        closed_at=now(),
        closed_by=by,
    )
    await outbox.add(session, [event])


def _lines(order: PurchaseOrder) -> tuple[PurchaseLine, ...]:
    return tuple(_line(line) for line in order.lines if line.wanted)


def _line(line: OrderLine) -> PurchaseLine:
    return PurchaseLine(
        line_no=line.line_no,
        item_id=line.item_id,
        quantity=line.wanted,
        unit_cost=cost_per(line.unit_cost, line.quantity, line.base_quantity),
        kind=line.kind.value,
        agreed_unit=line.unit,
        agreed_quantity=line.quantity,
        agreed_price=line.unit_cost,
        unit_version=line.unit_version,
    )
