"""Close an exception: ask inventory afresh once the books are mended, or write it off."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.counter import store
from sales.counter.domain.sale import CounterSale
from sales.counter.use_cases.check_basket import check_basket
from sales.counter.use_cases.cover_sale import cover_sale
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.context import Context


async def ask_again(
    context: Context, sale_id: UUID, command_id: UUID, caller: Caller
) -> CounterSale:
    """Return the sale as inventory decides now; what still doesn't cover it is the new cause."""
    async with context.database.transaction() as session:
        sale = await store.sale_to_change(session, sale_id)
        caller.must_cover(sale.site_id)
        if sale.ask_again(command_id, caller.subject, now()):
            if refusal := await check_basket(session, context, sale):
                sale.deny(refusal.code, refusal.problem, now())
            await store.save(session, sale)
    return await cover_sale(context, sale)


async def write_off(
    session: AsyncSession, sale_id: UUID, reason: str, caller: Caller
) -> CounterSale:
    """Return the sale, which nothing will cover any more."""
    sale = await store.sale_to_change(session, sale_id)
    caller.must_cover(sale.site_id)
    sale.write_off(caller.subject, reason, now())
    await store.save(session, sale)
    return sale
