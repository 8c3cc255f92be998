"""Decide about an invoice that is held: accept its differences, or refuse it for good.

What is accepted is what was reviewed: where other invoices or disputes came meanwhile, the invoice
is held again with the differences there are now.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices import store
from purchasing.invoices.domain import (
    DISPUTED,
    RECOGNIZER,
    DifferencesChanged,
    Invoice,
    InvoiceMatch,
    InvoiceStatus,
    LinesInDispute,
    Link,
    MatchStatus,
    SecondPersonNeeded,
)
from purchasing.invoices.use_cases.clear_links import accruals_of, apply_links, count
from purchasing.invoices.use_cases.document_of import document_of
from purchasing.invoices.use_cases.tell_books import tell_books
from purchasing.recognition import store as recognition
from purchasing.recognition.domain import BookedInvoiceRefused
from servicekit.clock import now


async def accept_differences(
    session: AsyncSession, invoice_id: UUID, reason: str, by: str, versions: Collection[int] | None
) -> InvoiceMatch | DifferencesChanged:
    """Return the match applied after all; somebody else than who matched must want it.

    Where there is more to review than was reviewed, it is kept and what to tell is returned.
    """
    invoice = await store.invoice_to_change(session, invoice_id)
    invoice.must_be_at(versions)
    invoice.must_stand(InvoiceStatus.HELD)
    match = await store.match_that_is(session, invoice_id, MatchStatus.HELD)
    if by in await _proposers(session, invoice, match):
        raise SecondPersonNeeded(subject=by, number=invoice.number)
    links = [
        Link(
            invoice_line_no=line.invoice_line_no,
            receipt_id=line.receipt_id,
            receipt_line_no=line.receipt_line_no,
            quantity=line.quantity,
            return_id=line.return_id,
        )
        for line in match.lines
    ]
    reviewed = match.reviewed()
    accruals = await accruals_of(session, invoice, links)
    await apply_links(session, invoice, match, links, accruals)
    if unseen := reviewed.unseen(match):
        count(match, accruals, -1)
        invoice.go(InvoiceStatus.HELD, InvoiceStatus.HELD)
        changed = "; ".join(unseen)
        return DifferencesChanged(number=invoice.number, version=invoice.version, changed=changed)
    _must_be_settled(invoice, match)
    match.status, match.reason = MatchStatus.APPLIED, reason
    match.accepted_by, match.accepted_at = by, now()
    invoice.go(InvoiceStatus.MATCHED, InvoiceStatus.HELD)
    await tell_books(session, invoice, match, accruals)
    return match


async def _proposers(
    session: AsyncSession, invoice: Invoice, match: InvoiceMatch
) -> Collection[str | None]:
    """Return who matched, or if nobody did, whose work the match follows from."""
    if match.by != RECOGNIZER or invoice.document_id is None:
        return {match.by}
    document = await recognition.document(session, invoice.document_id)
    return {match.by, document.uploaded_by, document.confirmed_by}


def _must_be_settled(invoice: Invoice, match: InvoiceMatch) -> None:
    disputed = {
        str(one["invoice_line_no"]) for one in match.differences if one["cause"] == DISPUTED
    }
    if disputed:
        raise LinesInDispute(number=invoice.number, lines=", ".join(sorted(disputed)))


async def refuse_invoice(
    session: AsyncSession, invoice_id: UUID, reason: str, versions: Collection[int] | None
) -> Invoice:
    """Return the invoice refused: it is not matched with anything any more, ever."""
    document = await document_of(session, invoice_id)
    invoice = await store.invoice_to_change(session, invoice_id)
    invoice.must_be_at(versions)
    if invoice.status is InvoiceStatus.HELD:
        match = await store.match_that_is(session, invoice_id, MatchStatus.HELD)
        match.status = MatchStatus.DROPPED
    invoice.go(InvoiceStatus.REFUSED, InvoiceStatus.BOOKED, InvoiceStatus.HELD)
    invoice.refused_reason = reason
    if document is not None:
        said = {"document_id": document.document_id, "invoice_id": invoice_id, "reason": reason}
        document.drop(invoice_id, BookedInvoiceRefused(**said))
    return invoice
