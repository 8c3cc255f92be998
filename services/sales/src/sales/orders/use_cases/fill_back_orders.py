"""Fill back orders: ask inventory for their goods, those first that were promised first.

Asked for are those whose goods somebody has told of, and, in case nobody has, each once in a while.
One at the head of a queue that can't be filled keeps those behind it waiting for the same goods.
"""

import asyncio

import structlog

from sales.orders import store
from sales.orders.domain.order import SalesOrder
from sales.orders.use_cases.drive_order import drive_order
from servicekit.clock import now
from servicekit.context import Context

log = structlog.get_logger()

ORDERS_AT_ONCE = 32


async def fill_back_orders(context: Context) -> None:
    """Try all whose turn it is; whoever was behind one that is filled has its turn then."""
    while waiting := await _claim(context):
        await asyncio.gather(*(_drive(context, order) for order in waiting))


async def _drive(context: Context, order: SalesOrder) -> None:
    try:
        await drive_order(context, order)
    except Exception as error:  # noqa: BLE001 - the sweep of orders that wait drives it on
        log.warning("back order not tried", order_id=str(order.order_id), error=repr(error)[:500])


async def _claim(context: Context) -> list[SalesOrder]:
    """Take back orders nobody else is at; from now on they wait for inventory's word."""
    async with context.database.transaction() as session:
        orders = await store.back_orders.next_to_fill(session, now(), ORDERS_AT_ONCE)
        for order in orders:
            order.fill(now())
    return list(orders)
