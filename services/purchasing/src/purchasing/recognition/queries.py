"""Uploaded invoices as people look at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.recognition.domain import COPY, DROPPED, UnknownDocument
from purchasing.recognition.tables import IS_SET_ASIDE, documents

HEAD = [column for column in documents.columns if column.name not in {"reading", "lease"}]


@dataclass(frozen=True, kw_only=True)
class DocumentFilter:
    """Which documents are looked for; None means any."""

    supplier_id: str | None = None
    status: str | None = None
    uploaded_by: str | None = None
    booking: str | None = None
    """Which of `BOOKING` it has come to."""


CAUSE = documents.c.not_booked["cause"].astext
BOOKING = {
    "booked": documents.c.invoice_id.is_not(None),
    # It could not be booked by itself, and a person has to look at it.
    "refused": CAUSE.not_in((COPY, DROPPED)) & ~IS_SET_ASIDE,
    "copy": (CAUSE == COPY) & ~IS_SET_ASIDE,
    "dropped": (CAUSE == DROPPED) & ~IS_SET_ASIDE,
    "open": documents.c.invoice_id.is_(None) & documents.c.not_booked.is_(None) & ~IS_SET_ASIDE,
    "set_aside": IS_SET_ASIDE,
}


async def document(session: AsyncSession, document_id: UUID) -> RowMapping:
    """Return a document with what was read in it, or raise."""
    rows = await session.execute(select(documents).where(documents.c.document_id == document_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownDocument(document_id=document_id)
    return found


async def documents_before(
    session: AsyncSession, wanted: DocumentFilter, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return documents without what was read in them, the newest first (ids sort by time)."""
    statement = select(*HEAD).order_by(documents.c.document_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(documents.c.document_id < before)
    for name in ("supplier_id", "status", "uploaded_by"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(documents.c[name] == value)
    if wanted.booking is not None:
        statement = statement.where(BOOKING[wanted.booking])
    return (await session.execute(statement)).mappings().all()
