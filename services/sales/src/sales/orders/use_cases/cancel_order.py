"""Cancel an order that has not been shipped: what is held for it is free again."""

from uuid import UUID

from sales.orders import store
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import OrderStatus
from sales.orders.use_cases.announce_order import announce_order
from sales.orders.use_cases.drive_order import drive_order
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.context import Context


async def cancel_order(context: Context, order_id: UUID, caller: Caller) -> SalesOrder:
    """Return the order as far as inventory lets it."""
    async with context.database.transaction() as session:
        order = await store.order_to_change(session, order_id)
        caller.must_cover(order.site_id)
        before = order.status
        order.cancel(caller.subject, now())
        if order.status is OrderStatus.CANCELLED is not before:
            await announce_order(session, order)
    return await drive_order(context, order)
