"""Cancel what has not left of an order that left in part: it is free again, and paid back.

What has left is named to inventory by line. It lets go of nothing that a shipment took, whether it
has heard of that shipment or not; and from here on no other one is made.
"""

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders import store as orders
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.rests import CancelledRest
from sales.orders.store.rests import keep_rest
from sales.orders.use_cases.drive_order import drive_order
from sales.shipments import store
from sales.shipments.domain import parts_leaving
from sales.shipments.use_cases.ship_order import left_of
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.context import Context


async def cancel_rest(context: Context, order_id: UUID, caller: Caller) -> SalesOrder:
    """Return the order as far as inventory lets it; once more changes nothing."""
    async with context.database.transaction() as session:
        order = await orders.order_to_change(session, order_id)
        caller.must_cover(order.site_id)
        if order.cancel_rest(caller.subject, now()):
            await keep_rest(session, order, await rest_given_up(session, order, caller.subject))
    return await drive_order(context, order)


async def rest_given_up(session: AsyncSession, order: SalesOrder, by: str) -> CancelledRest:
    """Return what of a locked order that left in part will not leave, by its shipments so far."""
    if order.shipment_id is None:
        raise AssertionError("of what has not left at all there is no rest")
    held = await orders.held_lines_of(session, order)
    left = parts_leaving(order.number, await left_of(session, order, held), ())
    shipped = defaultdict[int, Decimal](Decimal)
    for line in await store.left_before(session, order.site_id, order.order_id):
        shipped[line.line_no] += line.quantity
    return CancelledRest(
        cancelled_at=now(),
        cancelled_by=by,
        amount=sum((line.amount for line in left), Decimal(0)),
        shipment_id=order.shipment_id,
        shipped=dict(shipped),
    )
