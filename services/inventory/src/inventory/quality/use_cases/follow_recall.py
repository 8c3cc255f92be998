"""Follow a recall to its end: what came back, what was given up, and how it closed."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import RecallClosed
from inventory.quality.domain.recall import Delivery, Outcome, Recall
from inventory.quality.store import recalls as store
from inventory.stock import store as books
from servicekit import outbox
from servicekit.clock import now


async def record_return(session: AsyncSession, called: Recall, given: store.Return) -> Delivery:
    """Record what became of delivered goods; return the delivery as it stands then."""
    called.must_be_open()
    delivery = await store.lock_delivery(session, called, given.site_id, given.sequence)
    delivery.settle(given.fate, given.quantity)
    await store.add_return(session, called.recall_id, given)
    await session.flush()
    return delivery


async def close_recall(
    session: AsyncSession, called: Recall, outcome: Outcome, by: str
) -> store.Tally:
    """Close a locked recall. Its batches stay blocked, unless it is withdrawn."""
    at = now()
    called.close(outcome, by, at)
    if outcome is Outcome.WITHDRAWN:
        keys = [(called.item_id, batch_id) for batch_id in called.batches]
        for batch in (await books.lock_batches(session, keys)).values():
            batch.blocked = False
    tally = await store.tally(session, called.recall_id)
    fact = RecallClosed(
        recall_id=called.recall_id,
        number=called.number,
        at=at,
        outcome=outcome.value,
        shipped=tally.shipped,
        recovered=tally.recovered,
        written_off=tally.written_off,
    )
    await outbox.add(session, [fact])
    return tally
