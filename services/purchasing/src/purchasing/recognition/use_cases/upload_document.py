"""Upload an invoice: look at the file from outside, and keep it for the recognizer."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from invoice_reading.gate import inspect
from invoice_reading.model import Unreadable
from purchasing.recognition import store
from purchasing.recognition.domain import (
    DuplicateFile,
    FileRefused,
    FileSetAside,
    InvoiceDocument,
)
from servicekit.clock import now
from servicekit.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file, and who sends it; a supplier's person sends it for the supplier."""

    content: bytes
    media_type: str
    file_name: str
    by: str
    supplier_id: str | None = None


async def upload_document(session: AsyncSession, upload: Upload) -> InvoiceDocument:
    """Return the document that waits to be read; raise for what can't be an invoice.

    Who uploads again what was set aside is told so, and takes nothing up by it.
    """
    try:
        kind = inspect(upload.content, upload.media_type)
    except Unreadable as error:
        raise FileRefused.because(error.code, **error.facts) from error
    document = InvoiceDocument(
        document_id=new_id(),
        file_name=upload.file_name,
        kind=kind,
        size_bytes=len(upload.content),
        sha256=sha256(upload.content).hexdigest(),
        supplier_id=upload.supplier_id,
        uploaded_at=now(),
        uploaded_by=upload.by,
    )
    if not await store.add_if_new(session, document, upload.content):
        raise await _duplicate(session, upload, document.sha256)
    return document


async def _duplicate(session: AsyncSession, upload: Upload, file_hash: str) -> DuplicateFile:
    twin = await store.twin_of(session, file_hash)
    # A supplier is told that the file is known, but nothing of another's documents.
    own = twin is not None and upload.supplier_id in {None, twin.supplier_id}
    if twin is None or not own:
        return DuplicateFile(as_document="", document_id=None)
    named = {"document_id": str(twin.document_id)}
    if twin.is_set_aside and upload.supplier_id is None:
        return FileSetAside(by=twin.set_aside_by, reason=twin.set_aside_reason, **named)
    return DuplicateFile(as_document=f" ({twin.document_id})", **named)
