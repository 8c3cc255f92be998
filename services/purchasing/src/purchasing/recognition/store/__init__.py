"""Loads uploaded invoices, and for those who book them what was confirmed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.recognition.domain import (
    DocumentStatus,
    Invoice,
    InvoiceDocument,
    UnknownDocument,
)
from purchasing.recognition.tables import IS_SET_ASIDE, contents, documents, number_read
from purchasing.suppliers.tables import suppliers

OPEN = (DocumentStatus.WAITING, DocumentStatus.READING)


async def add_if_new(session: AsyncSession, document: InvoiceDocument, content: bytes) -> bool:
    """Insert the document unless its very file is there; return whether it was inserted."""
    values = {
        column.name: getattr(document, column.name)
        for column in documents.columns
        if getattr(document, column.name) is not None
    }
    statement = insert(documents).values(values).on_conflict_do_nothing()
    if await session.scalar(statement.returning(documents.c.document_id)) is None:
        return False
    row = {"document_id": document.document_id, "content": content}
    await session.execute(insert(contents).values(row))
    return True


async def twin_of(session: AsyncSession, sha256: str) -> InvoiceDocument | None:
    """Return the document whose file has this hash."""
    statement = select(InvoiceDocument).where(documents.c.sha256 == sha256)
    return (await session.scalars(statement)).one_or_none()


async def document(session: AsyncSession, document_id: UUID) -> InvoiceDocument:
    """Load a document as it is now, or raise."""
    found = await session.get(InvoiceDocument, document_id)
    if found is None:
        raise UnknownDocument(document_id=document_id)
    return found


async def document_to_change(session: AsyncSession, document_id: UUID) -> InvoiceDocument:
    """Load a document and lock it, or raise."""
    found = await session.get(InvoiceDocument, document_id, with_for_update={"key_share": True})
    if found is None:
        raise UnknownDocument(document_id=document_id)
    return found


async def confirmed_invoice(session: AsyncSession, document_id: UUID) -> Invoice:
    """Return the invoice in a document, which must be confirmed."""
    return (await document_to_change(session, document_id)).invoice()


async def next_to_read(session: AsyncSession, at: datetime) -> InvoiceDocument | None:
    """Load and lock the oldest document that is due and nobody else is taking just now."""
    due = or_(
        and_(
            documents.c.status == DocumentStatus.WAITING,
            or_(documents.c.due_at.is_(None), documents.c.due_at <= at),
        ),
        and_(documents.c.status == DocumentStatus.READING, documents.c.due_at <= at),
    )
    statement = (
        select(InvoiceDocument)
        .where(documents.c.status.in_(OPEN), due)
        .order_by(documents.c.document_id)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return (await session.scalars(statement)).one_or_none()


def _due_to_book(at: datetime) -> ColumnElement[bool]:
    table = documents.c
    due = or_(table.due_at.is_(None), table.due_at <= at)
    return and_(table.booking_due, ~IS_SET_ASIDE, due)


async def due_to_book(session: AsyncSession, at: datetime, limit: int) -> Sequence[UUID]:
    """Return documents that are confirmed and may be booked without anybody, the oldest first."""
    table = documents.c
    statement = select(table.document_id).where(_due_to_book(at)).order_by(table.document_id)
    return (await session.scalars(statement.limit(limit))).all()


async def document_to_book(
    session: AsyncSession, document_id: UUID, at: datetime
) -> InvoiceDocument | None:
    """Load and lock a document that is due to be booked; None if it is not, or another has it."""
    statement = (
        select(InvoiceDocument)
        .where(documents.c.document_id == document_id, _due_to_book(at))
        .with_for_update(key_share=True, skip_locked=True)
    )
    return (await session.scalars(statement)).one_or_none()


async def set_aside_like(session: AsyncSession, code: str, number: str) -> InvoiceDocument | None:
    """Return the last document that was set aside with an invoice of that code and number."""
    code_read = documents.c.reading["head"]["code"]["value"].astext
    statement = (
        select(InvoiceDocument)
        .where(IS_SET_ASIDE, number_read == number, func.coalesce(code_read, "") == code)
        .order_by(documents.c.document_id.desc())
        .limit(1)
    )
    return (await session.scalars(statement)).one_or_none()


async def content_of(session: AsyncSession, document_id: UUID) -> bytes:
    """Return the file."""
    statement = select(contents.c.content).where(contents.c.document_id == document_id)
    return bytes((await session.execute(statement)).scalar_one())


async def sells(session: AsyncSession, tax_id: str, supplier_id: str | None) -> bool | None:
    """Say whether a seller is known; None where nothing speaks for or against it.

    What a supplier uploads has to be sold by that supplier, if its tax id is known.
    """
    if supplier_id is not None:
        own = select(suppliers.c.tax_id).where(suppliers.c.supplier_id == supplier_id)
        known = await session.scalar(own)
        return None if known is None else bool(known == tax_id)
    anybody = select(suppliers.c.supplier_id).where(suppliers.c.tax_id == tax_id).limit(1)
    return await session.scalar(anybody) is not None or None


async def name_of_seller(session: AsyncSession, tax_id: str) -> str | None:
    """Return what the supplier with a tax id is called; None if there are several names."""
    names = select(suppliers.c.name).where(suppliers.c.tax_id == tax_id).distinct().limit(2)
    found = (await session.scalars(names)).all()
    return found[0] if len(found) == 1 else None


async def count_open(session: AsyncSession) -> int:
    """Return how many documents are still to be read."""
    statement = select(func.count()).where(documents.c.status.in_(OPEN))
    return int((await session.execute(statement)).scalar_one())
