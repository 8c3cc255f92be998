"""Audit a draft, so that it may be posted."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.documents.domain import Actor, StockDocument
from inventory.documents.use_cases.tell_documents import audited
from servicekit import outbox
from servicekit.clock import now


async def audit_document(
    session: AsyncSession, document: StockDocument, actor: Actor
) -> StockDocument:
    """Return the locked document, audited."""
    document.audit(actor, now())
    await outbox.add(session, [audited(document, actor)])
    return document
