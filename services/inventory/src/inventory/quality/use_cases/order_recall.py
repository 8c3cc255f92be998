"""Order a recall: batches are blocked, frozen everywhere, and promised to nobody any more."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import RecallOrdered
from inventory.catalog import store as catalog
from inventory.catalog.domain import Tracking
from inventory.quality.domain.recall import Recall
from inventory.quality.domain.refusals import NotTraceable
from inventory.quality.store import recalls as store
from inventory.quality.use_cases.pursue_recalls import pursue
from inventory.stock import store as books
from inventory.stock.domain import Batch
from servicekit import outbox


async def order_recall(session: AsyncSession, given: Recall) -> Recall:
    """Call goods back; return the recall as it is kept."""
    item = (await catalog.load_items(session, [given.item_id]))[given.item_id]
    traceable = (
        item.tracking is not Tracking.NONE if given.batches else item.tracking is Tracking.SERIAL
    )
    if not traceable:
        raise NotTraceable(item_id=item.item_id, tracking=item.tracking.value)
    keys = [(given.item_id, batch_id) for batch_id in given.batches]
    # A batch that never was here is blocked too: it may still come.
    await books.add_batches(session, [Batch(*key) for key in keys])
    for batch in (await books.lock_batches(session, keys)).values():
        batch.block(given.number, given.reason)
    await store.add(session, given)
    if given.units is not None:
        await books.call_units_back(session, given.units)
    called = await store.lock(session, given.recall_id)
    await pursue(session, called)
    fact = RecallOrdered(
        recall_id=given.recall_id,
        number=given.number,
        at=given.ordered_at,
        item_id=given.item_id,
        batches=tuple(given.batches),
        recall_class=given.recall_class.value,
        reason=given.reason,
        first_serial=given.first_serial,
        last_serial=given.last_serial,
    )
    await outbox.add(session, [fact])
    return called
