"""Count what customers returned of called back goods: nobody has to tell the recall of it."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.quality.domain.recall import Recall
from inventory.quality.store import recalls as store
from servicekit.clock import now


async def count_returns(session: AsyncSession, called: Recall) -> None:
    """Count the returns, and the reversals of returns, booked since; the recall is locked."""
    booked = await store.booked_returns(session, called, now())
    for one in booked:
        await store.add_return(session, called.recall_id, one)
    for site_id, sequence in sorted({(one.site_id, one.sequence) for one in booked}):
        delivery = await store.lock_delivery(session, called, site_id, sequence)
        delivery.recount(await store.told_of(session, delivery))
    await session.flush()
