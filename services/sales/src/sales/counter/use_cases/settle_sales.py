"""Settle sales that wait for inventory: their till is gone, or was told to come back later."""

from sales.counter import store
from sales.counter.domain.sale import CounterSale
from sales.counter.use_cases.cover_sale import cover_sale
from sales.orders.use_cases.settle_due import settle_due
from servicekit.clock import now
from servicekit.context import Context

SALES_AT_ONCE = 32


async def settle_sales(context: Context) -> None:
    """Cover what is due."""

    async def cover(sale: CounterSale) -> bool:
        return not (await cover_sale(context, sale)).is_open

    await settle_due(lambda: _claim(context), cover, lambda sale: str(sale.sale_id))


async def _claim(context: Context) -> list[CounterSale]:
    """Take sales nobody else is at, and put off their next attempt before this one is made."""
    async with context.database.transaction() as session:
        due = list(await store.sales_due(session, now(), SALES_AT_ONCE))
        for sale in due:
            sale.try_again(now())
            await store.save(session, sale)
    return due
