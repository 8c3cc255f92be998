"""Book what was read and nobody doubts any more, where the supplier's invoices are booked so.

Each document in a transaction of its own, with all that comes of it: it stays due until that is
done, and who else finds it meanwhile passes it over. So it is booked once, whoever dies.
"""

from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices import store
from purchasing.invoices.domain import (
    RECOGNIZER,
    InvoiceBookedBefore,
    InvoiceRefusedBefore,
    InvoiceSetAsideBefore,
    InvoiceStatus,
    MatchStatus,
    UploadNotMatched,
    must_be_ours,
)
from purchasing.invoices.use_cases.book_document import BookDocument, book_document
from purchasing.invoices.use_cases.book_invoice import must_be_new
from purchasing.invoices.use_cases.match_invoice import match_if_found, match_invoice
from purchasing.recognition import store as recognition
from purchasing.recognition.domain import InvoiceDocument
from purchasing.recognition.store import agreements
from purchasing.settings import PurchasingSettings, settings_of
from purchasing.suppliers import store as suppliers
from servicekit.clock import now
from servicekit.context import Context
from servicekit.errors import Refusal

log = structlog.get_logger()

AT_ONCE = 100
BOOKED = Counter(
    "trueshelf_invoices_booked_by_themselves",
    "Documents that were to be booked without anybody, by outcome",
    ["outcome"],
)


async def book_confirmed(context: Context) -> None:
    """Book what is due; one that fails holds up no other, and is tried again after a pause."""
    settings = settings_of(context)
    async with context.database.transaction() as session:
        due = await recognition.due_to_book(session, now(), AT_ONCE)
    for document_id in due:
        try:
            async with context.database.transaction() as session:
                outcome = await book_by_itself(session, document_id, settings)
        except Exception as error:  # noqa: BLE001 - the others go on, and a later try may succeed
            log.warning("booking failed", document_id=str(document_id), error=repr(error)[:500])
            await _put_off(context, document_id, type(error).__name__)
            continue
        if outcome is not None:
            BOOKED.labels(outcome).inc()
            log.info("booking by itself", document_id=str(document_id), outcome=outcome)


async def _put_off(context: Context, document_id: UUID, why: str) -> None:
    async with context.database.transaction() as session:
        document = await recognition.document_to_book(session, document_id, now())
        if document is not None:
            document.put_booking_off(why, now())


async def book_by_itself(
    session: AsyncSession, document_id: UUID, settings: PurchasingSettings
) -> str | None:
    """Book and match a document if it is due and may be; return what came of it."""
    document = await recognition.document_to_book(session, document_id, now())
    if document is None:
        return None
    if not await _may_be(session, document):
        document.leave_to_people()
        return None
    try:
        async with session.begin_nested():
            invoice_id = await _book(session, document, settings)
    except Refusal as refusal:
        # What was noted on it in there is forgotten, not only what was written.
        await session.refresh(document)
        document.refuse_booking(refusal)
        return "copy" if isinstance(refusal, InvoiceBookedBefore) else "refused"
    invoice = await store.invoice_to_change(session, invoice_id)
    if invoice.status is InvoiceStatus.BOOKED and (
        why := await match_if_found(session, invoice_id, RECOGNIZER)
    ):
        document.match(why)
        return "not_matched"
    return invoice.status.value


async def _may_be(session: AsyncSession, document: InvoiceDocument) -> bool:
    """Say whether a supplier whose invoice it is, or may be, has its invoices booked like this."""
    tax_id = document.invoice().seller_tax_id
    own = document.supplier_id
    sellers = await agreements.sellers_of(session, tax_id) if own is None else [own]
    found = [await suppliers.supplier(session, one) for one in sellers]
    return any(one.books_by_itself(document.confirmed_at) for one in found)


async def _book(
    session: AsyncSession, document: InvoiceDocument, settings: PurchasingSettings
) -> UUID:
    """Return the invoice booked; raise for all that a person has to look at first."""
    read, document_id = document.invoice(), document.document_id
    must_be_ours(document_id, read.buyer_name, read.buyer_tax_id, settings.own_tax_ids)
    # A copy is known before its currency is: what it was owed for, and in what, may be cleared.
    await must_be_new(session, read.code, read.number)
    await _must_not_be_set_aside(session, read.code, read.number)
    order = BookDocument(document_id=document_id, by=RECOGNIZER, books_currency=settings.currency)
    invoice = await book_document(session, order)
    (await suppliers.supplier(session, invoice.supplier_id)).must_have_a_tax_id()
    # Looked for when it is booked: whoever refuses one at the same moment is waited for.
    refused = await store.refused_like(session, invoice)
    if refused is not None:
        raise InvoiceRefusedBefore(
            code_and_number=f"{invoice.code} {invoice.number}".strip(),
            first=refused.invoice_id,
            reason=refused.refused_reason,
        )
    if document.supplier_id is not None:
        await _match_whole(session, document_id, invoice.invoice_id)
    return invoice.invoice_id


async def _must_not_be_set_aside(session: AsyncSession, code: str, number: str) -> None:
    """Raise naming another document with the invoice that a person has set aside."""
    other = await recognition.set_aside_like(session, code, number)
    if other is not None:
        raise InvoiceSetAsideBefore(
            code_and_number=f"{code} {number}".strip(),
            first=other.document_id,
            by=other.set_aside_by,
            reason=other.set_aside_reason,
        )


async def _match_whole(session: AsyncSession, document_id: UUID, invoice_id: UUID) -> None:
    """Match what a supplier's person uploaded; raise where it is not just what is owed."""
    match = await match_invoice(session, invoice_id, None, RECOGNIZER, None)
    if match.status is not MatchStatus.APPLIED:
        causes = sorted({str(one["cause"]) for one in match.differences})
        raise UploadNotMatched(document_id=document_id, differences=", ".join(causes))
