"""Retry a document that could not be read: it waits again, with all its tries."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.recognition import store
from purchasing.recognition.domain import InvoiceDocument


async def retry_document(
    session: AsyncSession, document_id: UUID, versions: Collection[int] | None
) -> InvoiceDocument:
    """Return the document, waiting."""
    document = await store.document_to_change(session, document_id)
    document.must_be_at(versions)
    document.try_again()
    return document
