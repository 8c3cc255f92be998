"""Follow a recall to its end: what came back, what was given up, and how it closed."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import RecallClosed
from inventory.catalog.domain import plain
from inventory.documents import store as documents
from inventory.documents.domain import DocumentKind, DocumentStatus, StockDocument
from inventory.quality.domain.recall import Delivery, Outcome, Recall
from inventory.quality.domain.refusals import CountsByItself, NotReceivedAgain
from inventory.quality.store import recalls as store
from inventory.quality.use_cases.count_returns import count_returns
from inventory.stock import store as books
from inventory.stock.domain import ZERO
from servicekit import outbox
from servicekit.clock import now


async def record_return(session: AsyncSession, called: Recall, given: store.Return) -> Delivery:
    """Record what became of delivered goods; return the delivery as it stands then.

    What customers returned counts before, by itself.
    """
    called.must_be_open()
    await count_returns(session, called)
    delivery = await store.lock_delivery(session, called, given.site_id, given.sequence)
    if given.document_id is not None:
        await _must_not_count_by_itself(session, delivery, given.document_id)
        document = await documents.load(session, given.document_id)
        _must_bring_in(document, delivery, given.quantity)
    delivery.settle(given.fate, given.quantity)
    await store.add_return(session, called.recall_id, given)
    await session.flush()
    return delivery


async def _must_not_count_by_itself(
    session: AsyncSession, delivery: Delivery, document_id: UUID
) -> None:
    counted = [one for one in await store.told_of(session, delivery) if one.entry is not None]
    if document_id in {one.document_id for one in counted}:
        raise CountsByItself(document_id=document_id, document_number=delivery.document_number)


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
    await count_returns(session, called)
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
