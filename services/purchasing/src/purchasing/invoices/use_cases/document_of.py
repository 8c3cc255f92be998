"""The document behind an invoice, on which is noted what became of it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices import store
from purchasing.recognition import store as recognition
from purchasing.recognition.domain import InvoiceDocument


async def document_of(session: AsyncSession, invoice_id: UUID) -> InvoiceDocument | None:
    """Lock and return the document that the invoice was read in, if it was.

    Do it before the invoice is locked: who books a document locks it first too.
    """
    document_id = await store.document_of(session, invoice_id)
    if document_id is None:
        return None
    return await recognition.document_to_change(session, document_id)
