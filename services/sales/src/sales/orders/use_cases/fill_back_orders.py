"""Fill back orders: ask inventory for their goods, those first that were promised first.

Asked for are those whose goods somebody has told of, and, in case nobody has, each once in a while.
One at the head of a queue that can't be filled keeps those behind it waiting for the same goods,
unless it only waits for its batch to be named and there is enough for those behind it as well.
"""

import asyncio

import structlog

from sales.orders.domain.order import SalesOrder
from sales.orders.store import turns
from sales.orders.use_cases.drive_order import drive_order
from sales.orders.use_cases.let_pass import let_pass
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
        turn = await let_pass(context, order) if order.sleeps else order
        if turn is not None:
            await drive_order(context, turn)
    except Exception as error:  # noqa: BLE001 - the sweep of orders that wait drives it on
        log.warning("back order not tried", order_id=str(order.order_id), error=repr(error)[:500])


async def _claim(context: Context) -> list[SalesOrder]:
    """Take back orders nobody else is at; from now on they wait for inventory's word.

    Those that stand behind others sleep on, until it is known whether they may pass.
    """
    async with context.database.transaction() as session:
        orders = await turns.next_to_fill(session, now(), ORDERS_AT_ONCE)
        behind = await turns.behind_others(session, orders)
        for order in orders:
            if order.order_id in behind:
                order.put_off(now())
            else:
                order.fill(now())
    return list(orders)
