"""Give up a document that was not posted."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.documents.domain import Actor, StockDocument
from inventory.documents.use_cases.tell_documents import cancelled
from servicekit import outbox
from servicekit.clock import now


async def cancel_document(
    session: AsyncSession, document: StockDocument, actor: Actor
) -> StockDocument:
    """Return the locked document, cancelled."""
    document.cancel(actor, now())
    await outbox.add(session, [cancelled(document, actor)])
    return document
