"""Set a document aside with which nothing is to be done, or take it up again.

An invoice made out to others, or sent twice, would else wait for a person for ever. Nothing is done
with it meanwhile: neither read again, nor confirmed, nor booked. Its supplier isn't told.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.recognition import store
from purchasing.recognition.domain import InvoiceDocument
from servicekit.clock import now


async def set_document_aside(
    session: AsyncSession, document_id: UUID, reason: str, by: str, versions: Collection[int] | None
) -> InvoiceDocument:
    """Return the document set aside."""
    document = await store.document_to_change(session, document_id)
    document.must_be_at(versions)
    document.set_aside(reason, by, now())
    return document


async def take_document_up(
    session: AsyncSession, document_id: UUID, by: str, versions: Collection[int] | None
) -> InvoiceDocument:
    """Return the document as it was before; what was to be booked by itself then is so again."""
    document = await store.document_to_change(session, document_id)
    document.must_be_at(versions)
    document.take_up(by, now())
    return document
