"""Settle orders that wait for inventory: their caller is gone, or was told to come back later."""

import asyncio

from sales.orders import store
from sales.orders.domain.order import SalesOrder
from sales.orders.use_cases.drive_order import drive_order
from servicekit.clock import now
from servicekit.context import Context

ORDERS_AT_ONCE = 32


async def settle_orders(context: Context) -> None:
    """Drive on what is due; stop when nothing is, or when inventory answers none of it."""
    while due := await _claim(context):
        settled = await asyncio.gather(*(drive_order(context, order) for order in due))
        if all(order.next_step is not None for order in settled):
            return


async def _claim(context: Context) -> list[SalesOrder]:
    """Take orders nobody else is at, and put off their next attempt before this one is made."""
    async with context.database.transaction() as session:
        orders = await store.orders_due(session, now(), ORDERS_AT_ONCE)
        for order in orders:
            order.try_again(now())
    return list(orders)
