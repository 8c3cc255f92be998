"""Complete orders whose rest was called off when all that left had been signed for before."""

from sales.orders import store as orders
from sales.shipments import store
from sales.shipments.use_cases.complete_order import complete_order
from servicekit.context import Context

ORDERS_AT_ONCE = 200


async def complete_rests(context: Context) -> None:
    """Close those of which nothing is open any more, an order in each transaction."""
    async with context.database.transaction() as session:
        ready = await store.orders_without_rest(session, ORDERS_AT_ONCE)
    for order_id in ready:
        async with context.database.transaction() as session:
            await orders.order_to_change(session, order_id)
            await complete_order(session, order_id)
