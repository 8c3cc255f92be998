"""Take a match back that was a mistake: a document of its own, which reverses all it did."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices import store
from purchasing.invoices.domain import (
    InvoiceMatch,
    InvoiceStatus,
    MatchKind,
    MatchLine,
    MatchStatus,
)
from purchasing.invoices.use_cases.clear_links import count
from purchasing.invoices.use_cases.tell_books import tell_books
from purchasing.settlement import store as settlement
from servicekit.clock import now
from servicekit.ids import new_id


async def unmatch_invoice(
    session: AsyncSession, invoice_id: UUID, reason: str, by: str, versions: Collection[int] | None
) -> InvoiceMatch:
    """Return the document that took the match back; the invoice can be matched anew.

    One that is held has done nothing yet: it is dropped, and is what is returned.
    """
    invoice = await store.invoice_to_change(session, invoice_id)
    invoice.must_be_at(versions)
    held = invoice.status is InvoiceStatus.HELD
    invoice.go(InvoiceStatus.BOOKED, InvoiceStatus.MATCHED, InvoiceStatus.HELD)
    if held:
        dropped = await store.match_that_is(session, invoice_id, MatchStatus.HELD)
        dropped.status, dropped.reason = MatchStatus.DROPPED, reason
        return dropped
    match = await store.match_that_is(session, invoice_id, MatchStatus.APPLIED)
    match.status = MatchStatus.REVERSED
    documents = {line.about for line in match.lines}
    accruals = await settlement.accruals_to_change(session, documents, invoice.supplier_id)
    count(match, accruals, -1)
    undo = InvoiceMatch(
        match_id=new_id(),
        invoice_id=invoice_id,
        kind=MatchKind.UNMATCH,
        status=MatchStatus.APPLIED,
        at=now(),
        by=by,
        reason=reason,
        undoes=match.match_id,
        lines=[_reversed(line) for line in match.lines],
    )
    session.add(undo)
    await tell_books(session, invoice, undo, accruals)
    return undo


def _reversed(line: MatchLine) -> MatchLine:
    return MatchLine(
        place=line.place,
        invoice_line_no=line.invoice_line_no,
        receipt_id=line.receipt_id,
        receipt_line_no=line.receipt_line_no,
        item_id=line.item_id,
        site_id=line.site_id,
        quantity=line.quantity,
        net=-line.net,
        return_id=line.return_id,
        cleared_quantity=-line.cleared_quantity,
        cleared_net=-line.cleared_net,
        cleared_tax=-line.cleared_tax,
        cleared_books_net=-line.cleared_books_net,
        cleared_books_tax=-line.cleared_books_tax,
        difference=-line.difference,
    )
