"""Book what was read and nobody doubts any more, where the supplier's invoices are booked so.

Each document in a transaction of its own, with all that comes of it: it stays due until that is
done, and who else finds it meanwhile passes it over. So it is booked once, whoever dies.
"""

import json
from typing import Any
from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices import store
from purchasing.invoices.domain import RECOGNIZER
from purchasing.invoices.use_cases.book_document import BookDocument, book_document
from purchasing.invoices.use_cases.match_invoice import match_if_found
from purchasing.recognition import store as recognition
from purchasing.recognition.domain import InvoiceDocument
from purchasing.recognition.store import agreements
from purchasing.suppliers import store as suppliers
from purchasing.suppliers.domain import InvoiceBooking
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
    """Book what is due; one that fails holds up no other, and is tried again the next time."""
    async with context.database.transaction() as session:
        due = await recognition.due_to_book(session, AT_ONCE)
    for document_id in due:
        try:
            async with context.database.transaction() as session:
                outcome = await book_by_itself(session, document_id)
        except Exception as error:  # noqa: BLE001 - the others go on, and the next round may succeed
            log.warning("booking failed", document_id=str(document_id), error=repr(error)[:500])
            continue
        if outcome is not None:
            BOOKED.labels(outcome).inc()
            log.info("document booked", document_id=str(document_id), outcome=outcome)


async def book_by_itself(session: AsyncSession, document_id: UUID) -> str | None:
    """Book and match a document if it is due and may be; return what came of it."""
    document = await recognition.document_to_book(session, document_id)
    if document is None:
        return None
    if not await _may_be(session, document):
        document.leave_to_people()
        return None
    try:
        async with session.begin_nested():
            order = BookDocument(document_id=document_id, by=RECOGNIZER)
            invoice_id = (await book_document(session, order)).invoice_id
    except Refusal as refusal:
        document.refuse_booking(refusal.code, _facts(refusal))
        return "refused"
    if why := await match_if_found(session, invoice_id, RECOGNIZER):
        document.refuse_match(why.code, _facts(why))
        return "not_matched"
    return (await store.invoice_to_change(session, invoice_id)).status.value


async def _may_be(session: AsyncSession, document: InvoiceDocument) -> bool:
    """Say whether a supplier whose invoice it is, or may be, has its invoices booked like this."""
    tax_id = document.invoice().seller_tax_id
    own = document.supplier_id
    sellers = await agreements.sellers_of(session, tax_id) if own is None else [own]
    found = [await suppliers.supplier(session, one) for one in sellers]
    return any(one.invoice_booking is InvoiceBooking.WHEN_READ for one in found)


def _facts(refusal: Refusal) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(json.dumps(refusal.facts, default=str))
    return facts
