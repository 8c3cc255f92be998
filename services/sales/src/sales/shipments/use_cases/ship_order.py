"""Ship a paid order, at once or in parts: goods leave, and inventory takes them off its books.

Nobody waits for inventory here: the goods are held for this order for good, so the fact can't be
refused and leaves with this transaction.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import ShipmentPosted, SoldLine
from sales.orders import store as orders
from sales.orders.domain.lines import HeldLine
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.refusals import UnknownOrder
from sales.orders.domain.states import HOLDING
from sales.reference import store as reference
from sales.shipments import store
from sales.shipments.domain import (
    PartWanted,
    Rest,
    Shipment,
    ShipmentLine,
    held_as_ordered,
    lines_leaving,
    parts_leaving,
    rests,
)
from sales.shipments.use_cases.watch_dates import watch_dates
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "SH"


async def ship_order(
    session: AsyncSession,
    order_id: UUID,
    caller: Caller,
    device_id: str | None,
    wanted: Sequence[PartWanted] = (),
) -> Shipment:
    """Return the shipment of so much of an order, or of all of it that has not left yet.

    Of two who ship the same goods one is refused.
    """
    order = await orders.order_to_change(session, order_id)
    caller.must_cover(order.site_id)
    await reference.must_be_in_use(session, order.site_id, device_id)
    reservation_id, parts_before = order.must_be_shippable(), order.shipment_id is not None
    held = await orders.held_lines_of(session, order)
    left = await left_of(session, order, held)
    lines = parts_leaving(order.number, left, wanted)
    await watch_dates(session, order, held, lines)
    last = sum(line.quantity for line in lines) == sum(rest.quantity for rest in left.values())
    shipment = await _prepared(session, order, reservation_id, lines, caller.subject, device_id)
    order.ship(shipment.shipment_id, last=last)
    await store.add(session, shipment)
    await outbox.add(session, [posted(shipment, in_parts=parts_before or not last)])
    return shipment


async def rest_of(session: AsyncSession, order_id: UUID, caller: Caller) -> dict[int, Rest]:
    """Return what is held for an order and has not left yet, by line, or raise."""
    order = await orders.find(session, order_id)
    if order is None:
        raise UnknownOrder(order_id=order_id)
    caller.must_cover(order.site_id)
    if order.status not in HOLDING:
        return {}
    return await left_of(session, order, await orders.held_lines_of(session, order))


async def _prepared(
    session: AsyncSession,
    order: SalesOrder,
    reservation_id: UUID,
    lines: tuple[ShipmentLine, ...],
    by: str,
    device_id: str | None,
) -> Shipment:
    items = await reference.items_of(session, [line.item_id for line in lines])
    for line in lines:
        items[line.item_id].must_measure(line.quantity, line.line_no)
    site = await reference.site_of(session, order.site_id)
    at = now()
    return Shipment(
        shipment_id=new_id(),
        order_id=order.order_id,
        reservation_id=reservation_id,
        site_id=order.site_id,
        warehouse_id=order.warehouse_id,
        currency=order.currency,
        posted_at=at,
        posted_by=by,
        device_id=device_id,
        lines=lines,
        number=await orders.next_number(session, PREFIX, site.site_id, site.day_of(at)),
    )


async def left_of(
    session: AsyncSession, order: SalesOrder, kept: Sequence[HeldLine]
) -> dict[int, Rest]:
    """Return what has not left yet of what is kept as held for an order."""
    ordered = await orders.lines_of(session, order)
    held = kept or held_as_ordered(ordered)
    items = await reference.items_of(session, [line.item_id for line in held])
    units = {one.item_id: one.base_unit for one in items.values()}
    before = (
        await store.left_before(session, order.site_id, order.order_id) if order.shipment_id else []
    )
    return rests(lines_leaving(ordered, held, units), before)


def posted(shipment: Shipment, *, in_parts: bool = False) -> ShipmentPosted:
    """Say what left, and whether it is one of several shipments of its order."""
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
        in_parts=in_parts,
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
