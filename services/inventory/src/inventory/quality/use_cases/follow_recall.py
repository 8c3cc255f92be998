"""Follow a recall to its end: what came back, what was given up, and how it closed."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import RecallClosed
from inventory.catalog.domain import plain
from inventory.documents import store as documents
from inventory.documents.domain import DocumentKind, DocumentStatus, StockDocument
from inventory.quality.domain.recall import Delivery, Outcome, Recall
from inventory.quality.domain.refusals import NotReceivedAgain
from inventory.quality.store import recalls as store
from inventory.stock import store as books
from inventory.stock.domain import ZERO
from servicekit import outbox
from servicekit.clock import now


async def record_return(session: AsyncSession, called: Recall, given: store.Return) -> Delivery:
    """Record what became of delivered goods; return the delivery as it stands then."""
    called.must_be_open()
    delivery = await store.lock_delivery(session, called, given.site_id, given.sequence)
    if given.document_id is not None:
        document = await documents.load(session, given.document_id)
        _must_bring_in(document, delivery, given.quantity)
    delivery.settle(given.fate, given.quantity)
    await store.add_return(session, called.recall_id, given)
    await session.flush()
    return delivery


def _must_bring_in(document: StockDocument, delivery: Delivery, quantity: Decimal) -> None:
    """Raise unless a document has brought in as much of the delivered goods."""
    goods = (delivery.item_id, delivery.batch_id)
    received = sum(
        (line.quantity for line in document.lines if (line.item_id, line.batch_id) == goods), ZERO
    )
    posted_receipt = (DocumentKind.RECEIPT, DocumentStatus.POSTED)
    if (document.kind, document.status) != posted_receipt or received < quantity:
        raise NotReceivedAgain(
            number=document.number, batch_id=delivery.batch_id, quantity=plain(quantity)
        )


async def close_recall(
    session: AsyncSession, called: Recall, outcome: Outcome, by: str
) -> store.Tally:
    """Close a locked recall. Its goods stay blocked, unless it is withdrawn."""
    at = now()
    called.close(outcome, by, at)
    if outcome is Outcome.WITHDRAWN:
        keys = [(called.item_id, batch_id) for batch_id in called.batches]
        for batch in (await books.lock_batches(session, keys)).values():
            batch.unblock()
        await books.let_units_go(session, called.number)
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
