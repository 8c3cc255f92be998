"""Settle orders that wait for inventory: their caller is gone, or was told to come back later."""

import asyncio

import structlog

from sales.orders import store
from sales.orders.domain.order import SalesOrder
from sales.orders.use_cases.drive_order import drive_order
from servicekit.clock import now
from servicekit.context import Context

log = structlog.get_logger()

ORDERS_AT_ONCE = 32


async def settle_orders(context: Context) -> None:
    """Drive on what is due; stop when nothing is, or when none of it gets anywhere."""
    while due := await _claim(context):
        settled = await asyncio.gather(*(_drive(context, order) for order in due))
        if not any(settled):
            return


async def _drive(context: Context, order: SalesOrder) -> bool:
    """Return whether the order waits no longer; what breaks for one is no matter for others."""
    try:
        return (await drive_order(context, order)).next_step is None
    except Exception as error:  # noqa: BLE001 - it is due again, and the next attempt may succeed
        log.warning("order not settled", order_id=str(order.order_id), error=repr(error)[:500])
        return False


async def _claim(context: Context) -> list[SalesOrder]:
    """Take orders nobody else is at, and put off their next attempt before this one is made."""
    async with context.database.transaction() as session:
        orders = await store.orders_due(session, now(), ORDERS_AT_ONCE)
        for order in orders:
            order.try_again(now())
    return list(orders)
