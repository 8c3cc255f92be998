"""Ship a paid order: its goods leave, and inventory takes them off its books.

Nobody waits for inventory here: the goods are held for this order for good, so the fact can't be
refused and leaves with this transaction.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import ShipmentPosted, SoldLine
from sales.orders import store as orders
from sales.orders.domain.order import SalesOrder
from sales.reference import store as reference
from sales.shipments import store
from sales.shipments.domain import Shipment, ShipmentLine, held_as_ordered, lines_leaving
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "SH"


async def ship_order(
    session: AsyncSession, order_id: UUID, caller: Caller, device_id: str | None
) -> Shipment:
    """Return the shipment; of two who ship an order one is refused."""
    order = await orders.order_to_change(session, order_id)
    caller.must_cover(order.site_id)
    await reference.must_be_in_use(session, order.site_id, device_id)
    shipment_id = new_id()
    reservation_id = order.ship(shipment_id)
    shipment = await _prepared(
        session, order, shipment_id, reservation_id, caller.subject, device_id
    )
    await store.add(session, shipment)
    await outbox.add(session, [posted(shipment)])
    return shipment


async def _prepared(
    session: AsyncSession,
    order: SalesOrder,
    shipment_id: UUID,
    reservation_id: UUID,
    by: str,
    device_id: str | None,
) -> Shipment:
    site = await reference.site_of(session, order.site_id)
    at = now()
    return Shipment(
        shipment_id=shipment_id,
        order_id=order.order_id,
        reservation_id=reservation_id,
        site_id=order.site_id,
        warehouse_id=order.warehouse_id,
        currency=order.currency,
        posted_at=at,
        posted_by=by,
        device_id=device_id,
        lines=await _leaving(session, order),
        number=await orders.next_number(session, PREFIX, site.site_id, site.day_of(at)),
    )


async def _leaving(session: AsyncSession, order: SalesOrder) -> tuple[ShipmentLine, ...]:
    ordered = await orders.lines_of(session, order)
    held = await orders.held_lines_of(session, order) or held_as_ordered(ordered)
    items = await reference.items_of(session, [line.item_id for line in held])
    return lines_leaving(ordered, held, {one.item_id: one.base_unit for one in items.values()})


def posted(shipment: Shipment) -> ShipmentPosted:
    """Say what left."""
    return ShipmentPosted(
        shipment_id=shipment.shipment_id,
        number=shipment.number,
        order_id=shipment.order_id,
        reservation_id=shipment.reservation_id,
        site_id=shipment.site_id,
        warehouse_id=shipment.warehouse_id,
        currency=shipment.currency,
        shipped_at=shipment.posted_at,
        posted_at=shipment.posted_at,
        posted_by=shipment.posted_by,
        device_id=shipment.device_id,
        lines=tuple(
            SoldLine(
                line_no=line.line_no,
                item_id=line.item_id,
                quantity=line.quantity,
                amount=line.amount,
                batch_id=line.batch_id,
                serials=tuple(line.serials),
            )
            for line in shipment.lines
        ),
    )
