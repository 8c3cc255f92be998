"""Invoices as finance looks at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices.domain import InvoiceStatus, MatchKind, MatchStatus, UnknownInvoice
from purchasing.invoices.tables import invoice_lines, invoices, match_lines, matches


@dataclass(frozen=True, kw_only=True)
class InvoiceFilter:
    """Which invoices are looked for; None means any."""

    supplier_id: str | None = None
    status: str | None = None
    number: str | None = None
    receipt_id: UUID | None = None
    due_until: date | None = None


async def invoice(session: AsyncSession, invoice_id: UUID) -> RowMapping:
    """Return an invoice without its lines, or raise."""
    rows = await session.execute(select(invoices).where(invoices.c.invoice_id == invoice_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownInvoice(invoice_id=invoice_id)
    return found


async def lines_of(session: AsyncSession, invoice_id: UUID) -> Sequence[RowMapping]:
    """Return the lines of an invoice."""
    table = invoice_lines
    statement = select(table).where(table.c.invoice_id == invoice_id).order_by(table.c.line_no)
    return (await session.execute(statement)).mappings().all()


async def matches_of(session: AsyncSession, invoice_id: UUID) -> Sequence[RowMapping]:
    """Return what was said of what an invoice is for, in order."""
    statement = (
        select(matches).where(matches.c.invoice_id == invoice_id).order_by(matches.c.match_id)
    )
    return (await session.execute(statement)).mappings().all()


async def lines_of_matches(session: AsyncSession, invoice_id: UUID) -> Sequence[RowMapping]:
    """Return the lines of an invoice's matches, in order."""
    statement = (
        select(match_lines)
        .join(matches, matches.c.match_id == match_lines.c.match_id)
        .where(matches.c.invoice_id == invoice_id)
        .order_by(match_lines.c.match_id, match_lines.c.place)
    )
    return (await session.execute(statement)).mappings().all()


async def invoices_before(
    session: AsyncSession, wanted: InvoiceFilter, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return invoices without lines, the newest first."""
    statement = select(invoices).order_by(invoices.c.invoice_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(invoices.c.invoice_id < before)
    if wanted.receipt_id is not None:
        statement = statement.where(invoices.c.invoice_id.in_(_matched_with(wanted.receipt_id)))
    if wanted.due_until is not None:
        statement = statement.where(invoices.c.due_on <= wanted.due_until)
    for name in ("supplier_id", "status", "number"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(invoices.c[name] == value)
    return (await session.execute(statement)).mappings().all()


def _matched_with(receipt_id: UUID) -> Select[tuple[UUID]]:
    linked = select(match_lines.c.match_id).where(match_lines.c.receipt_id == receipt_id)
    return select(matches.c.invoice_id).where(
        matches.c.match_id.in_(linked),
        matches.c.kind == MatchKind.MATCH,
        matches.c.status == MatchStatus.APPLIED,
    )


async def issued_between(session: AsyncSession, first: date, last: date) -> Sequence[RowMapping]:
    """Return the invoices issued on these days that were not refused, as they were issued."""
    table = invoices.c
    statement = (
        select(invoices)
        .where(table.issued_on.between(first, last), table.status != InvoiceStatus.REFUSED)
        .order_by(table.issued_on, table.seller_tax_id, table.code, table.number)
    )
    return (await session.execute(statement)).mappings().all()
