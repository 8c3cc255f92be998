"""Pay an order: its goods, held until now for a time, are then held for good."""

from decimal import Decimal
from uuid import UUID

from sales.orders import store
from sales.orders.domain.order import SalesOrder
from sales.orders.use_cases.drive_order import drive_order
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.context import Context


async def pay_order(
    context: Context, order_id: UUID, payment_id: UUID, amount: Decimal, caller: Caller
) -> SalesOrder:
    """Return the order as far as inventory lets it; `payment_id` is the same at every repeat."""
    async with context.database.transaction() as session:
        order = await store.order_to_change(session, order_id)
        caller.must_cover(order.site_id)
        order.pay(payment_id, amount, now())
    return await drive_order(context, order)
