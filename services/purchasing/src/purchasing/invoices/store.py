"""Loads invoices and their matches."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices.domain import (
    Invoice,
    InvoiceLine,
    InvoiceMatch,
    InvoiceStatus,
    MatchKind,
    MatchStatus,
    UnknownInvoice,
)
from purchasing.invoices.tables import invoice_lines, invoices, matches


async def add_if_new(session: AsyncSession, invoice: Invoice) -> bool:
    """Insert the invoice unless it is there; of two at the same moment the second waits."""
    head = {column.name: getattr(invoice, column.name) for column in invoices.columns}
    inserted = await session.scalar(
        insert(invoices).values(head).on_conflict_do_nothing().returning(invoices.c.invoice_id)
    )
    if inserted is None:
        return False
    names = [column.name for column in invoice_lines.columns if column.name != "invoice_id"]
    rows = [_row(invoice.invoice_id, line, names) for line in invoice.lines]
    await session.execute(insert(invoice_lines), rows)
    return True


def _row(invoice_id: UUID, line: InvoiceLine, names: Sequence[str]) -> dict[str, object]:
    return {"invoice_id": invoice_id, **{name: getattr(line, name) for name in names}}


async def invoice_like(session: AsyncSession, other: Invoice) -> Invoice:
    """Return the invoice that stands in the way of another: the same, by number or by seller."""
    table = invoices.c
    of_seller = (table.seller_tax_id == other.seller_tax_id) & (table.code == other.code)
    statement = (
        select(Invoice)
        .where(
            (table.identity == other.identity) | of_seller & (table.number == other.number),
            table.status != InvoiceStatus.REFUSED,
        )
        .order_by(table.invoice_id)
        .limit(1)
    )
    return (await session.scalars(statement)).one()


async def booked_as(session: AsyncSession, identity: str) -> Invoice | None:
    """Return the invoice of that code and number that was booked and not refused, if one was."""
    statement = select(Invoice).where(
        invoices.c.identity == identity, invoices.c.status != InvoiceStatus.REFUSED
    )
    return (await session.scalars(statement)).one_or_none()


async def refused_like(session: AsyncSession, other: Invoice) -> Invoice | None:
    """Return the last invoice of the same code and number that was refused, if any was."""
    statement = (
        select(Invoice)
        .where(invoices.c.identity == other.identity, invoices.c.status == InvoiceStatus.REFUSED)
        .order_by(invoices.c.invoice_id.desc())
        .limit(1)
    )
    return (await session.scalars(statement)).one_or_none()


async def document_of(session: AsyncSession, invoice_id: UUID) -> UUID | None:
    """Return the document that an invoice was read in, if it was."""
    statement = select(invoices.c.document_id).where(invoices.c.invoice_id == invoice_id)
    return await session.scalar(statement)


async def invoice_to_change(session: AsyncSession, invoice_id: UUID) -> Invoice:
    """Load an invoice with its lines and lock it; its matches change under its lock alone."""
    found = await session.get(Invoice, invoice_id, with_for_update={"key_share": True})
    if found is None:
        raise UnknownInvoice(invoice_id=invoice_id)
    return found


async def match_that_is(
    session: AsyncSession, invoice_id: UUID, status: MatchStatus
) -> InvoiceMatch:
    """Return the invoice's match in that status, of which there is one at most."""
    statement = select(InvoiceMatch).where(
        matches.c.invoice_id == invoice_id,
        matches.c.kind == MatchKind.MATCH,
        matches.c.status == status,
    )
    return (await session.scalars(statement)).one()
