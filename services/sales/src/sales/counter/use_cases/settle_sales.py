"""Settle sales that wait for inventory: their till is gone, or was told to come back later."""

import asyncio

import structlog

from sales.counter import store
from sales.counter.domain.sale import CounterSale
from sales.counter.use_cases.cover_sale import cover_sale
from servicekit.clock import now
from servicekit.context import Context

log = structlog.get_logger()

SALES_AT_ONCE = 32


async def settle_sales(context: Context) -> None:
    """Cover what is due; stop when nothing is, or when none of it gets anywhere."""
    while due := await _claim(context):
        settled = await asyncio.gather(*(_cover(context, sale) for sale in due))
        if not any(settled):
            return


async def _cover(context: Context, sale: CounterSale) -> bool:
    """Return whether the sale waits no longer; what breaks for one is no matter for others."""
    try:
        return not (await cover_sale(context, sale)).is_open
    except Exception as error:  # noqa: BLE001 - it is due again, and the next attempt may succeed
        log.warning("sale not settled", sale_id=str(sale.sale_id), error=repr(error)[:500])
        return False


async def _claim(context: Context) -> list[CounterSale]:
    """Take sales nobody else is at, and put off their next attempt before this one is made."""
    async with context.database.transaction() as session:
        due = list(await store.sales_due(session, now(), SALES_AT_ONCE))
        for sale in due:
            sale.try_again(now())
            await store.save(session, sale)
    return due
