"""Settle orders that wait for inventory: their caller is gone, or was told to come back later."""

from collections.abc import Sequence

from sales.orders import store
from sales.orders.domain.order import SalesOrder
from sales.orders.use_cases.drive_order import drive_order
from sales.orders.use_cases.settle_due import settle_due
from servicekit.clock import now
from servicekit.context import Context

ORDERS_AT_ONCE = 32


async def settle_orders(context: Context) -> None:
    """Drive on what is due."""

    async def drive(order: SalesOrder) -> bool:
        return (await drive_order(context, order)).next_step is None

    await settle_due(lambda: _claim(context), drive, lambda order: order.number)


async def _claim(context: Context) -> Sequence[SalesOrder]:
    """Take orders nobody else is at, and put off their next attempt before this one is made."""
    async with context.database.transaction() as session:
        orders = await store.orders_due(session, now(), ORDERS_AT_ONCE)
        for order in orders:
            order.try_again(now())
    return orders
