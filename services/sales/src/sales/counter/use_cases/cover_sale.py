"""Cover a sale: inventory holds its goods for good, and in the next moment they have left.

Inventory is asked between two transactions and under a key of its own, so a crash, a lost answer
or somebody else who covers the same sale leaves nothing worse than a question to repeat. What it
holds leaves in the transaction that hears of it: nothing is ever held that no sale ships.
"""

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from sales.counter import store
from sales.counter.domain.sale import CounterSale
from sales.counter.use_cases.post_sale import post_sale
from sales.inventory_client import Answer, HoldWanted, Refused, inventory_of
from sales.orders.use_cases.ask_for_goods import lines_asked
from servicekit.client import PeerUnavailable
from servicekit.clock import now
from servicekit.context import Context
from servicekit.ids import new_id

log = structlog.get_logger()

HELD_SECONDS = 7200
"""Said because a reservation has an end; one that is paid is held for good."""


async def cover_sale(context: Context, sale: CounterSale) -> CounterSale:
    """Return the sale as inventory decides; while inventory is away, as it was."""
    if not sale.is_open:
        return sale
    try:
        answer = await inventory_of(context).reserve(_wanted(sale), sale.round)
    except PeerUnavailable:
        log.warning("sale waits for inventory", sale_id=str(sale.sale_id))
        return sale
    async with context.database.transaction() as session:
        if await _end(session, sale, answer):
            return sale
    # Somebody else has brought the answer, or asked afresh since: that counts.
    async with context.database.transaction() as session:
        return await store.sale_to_change(session, sale.sale_id)


async def _end(session: AsyncSession, sale: CounterSale, answer: Answer) -> bool:
    """Write down what the answer means for the sale; tell whether it was still to be decided."""
    at = now()
    if isinstance(answer, Refused):
        sale.deny(answer.code, answer.problem, at)
        return await store.end(session, sale)
    sale.cover(new_id(), at)
    if not await store.end(session, sale):
        return False
    await post_sale(session, sale, answer)
    return True


def _wanted(sale: CounterSale) -> HoldWanted:
    return HoldWanted(
        site_id=sale.site_id,
        warehouse_id=sale.warehouse_id,
        order_id=sale.sale_id,
        lines=lines_asked(sale.lines),
        ttl_seconds=HELD_SECONDS,
        paid=True,
    )
