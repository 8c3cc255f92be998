"""Match an invoice with what was ordered and received, which clears what was owed for that.

Within the supplier's tolerances it is matched at once. Beyond them it is held, and nothing is
cleared, until a second person accepts the differences or refuses the invoice.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices import store
from purchasing.invoices.domain import (
    InvoiceMatch,
    InvoiceStatus,
    Link,
    MatchKind,
    MatchStatus,
)
from purchasing.invoices.use_cases.clear_links import accruals_of, apply_links, count
from purchasing.invoices.use_cases.document_of import document_of
from purchasing.invoices.use_cases.propose_links import propose_links
from purchasing.invoices.use_cases.tell_books import tell_books
from servicekit.clock import now
from servicekit.errors import Refusal
from servicekit.ids import new_id


async def match_invoice(
    session: AsyncSession,
    invoice_id: UUID,
    links: Sequence[Link] | None,
    by: str,
    versions: Collection[int] | None,
) -> InvoiceMatch:
    """Return the match, applied or held; without links they are proposed."""
    document = await document_of(session, invoice_id)
    invoice = await store.invoice_to_change(session, invoice_id)
    invoice.must_be_at(versions)
    invoice.must_stand(InvoiceStatus.BOOKED)
    links = links or await propose_links(session, invoice)
    match = InvoiceMatch(
        match_id=new_id(),
        invoice_id=invoice_id,
        kind=MatchKind.MATCH,
        status=MatchStatus.APPLIED,
        at=now(),
        by=by,
    )
    accruals = await accruals_of(session, invoice, links)
    await apply_links(session, invoice, match, links, accruals)
    if match.differences:
        match.status = MatchStatus.HELD
        count(match, accruals, -1)
        invoice.go(InvoiceStatus.HELD, InvoiceStatus.BOOKED)
    else:
        invoice.go(InvoiceStatus.MATCHED, InvoiceStatus.BOOKED)
        await tell_books(session, invoice, match, accruals)
    session.add(match)
    if document is not None:
        document.match()
    return match


async def match_if_found(session: AsyncSession, invoice_id: UUID, by: str) -> Refusal | None:
    """Match an invoice with what it names itself; return why that has to be said by a person."""
    try:
        async with session.begin_nested():
            await match_invoice(session, invoice_id, None, by, None)
    except Refusal as refusal:
        return refusal
    return None
