"""Tell others what a match did: accruals cleared or reopened, receipts worth more or less."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Event
from contracts.purchasing import AccrualCleared, AccrualReopened, ReceiptRepriced, RepricedLine
from purchasing.invoices.domain import Invoice, InvoiceMatch, MatchKind, MatchLine, by_receipt
from purchasing.recognition.store.agreements import remember_names
from purchasing.settlement.domain import Accrual, AccrualStatus
from servicekit import outbox
from servicekit.clock import now
from servicekit.ids import new_id


async def tell_books(
    session: AsyncSession, invoice: Invoice, match: InvoiceMatch, accruals: Mapping[UUID, Accrual]
) -> None:
    """Put what follows from a match, or from taking one back, into the outbox."""
    events: list[Event] = []
    for accrual in accruals.values():
        turned = accrual.recount(now())
        if turned is not None:
            events.append(_turned(accrual, turned, invoice))
    for document_id, lines in by_receipt(match.lines).items():
        events.append(_repriced(accruals[document_id], list(lines), invoice, match))
    await outbox.add(session, events)
    if match.kind is MatchKind.MATCH:
        said = {line.line_no: (line.name, line.specification) for line in invoice.lines}
        names = {said[line.invoice_line_no]: line.item_id for line in match.lines}
        await remember_names(session, invoice.supplier_id, names)


def _turned(accrual: Accrual, status: AccrualStatus, invoice: Invoice) -> Event:
    kind = AccrualCleared if status is AccrualStatus.CLEARED else AccrualReopened
    return kind(
        accrual_id=accrual.accrual_id,
        number=accrual.number,
        receipt_id=accrual.receipt_id,
        receipt_number=accrual.receipt_number,
        supplier_id=accrual.supplier_id,
        site_id=accrual.site_id,
        at=now(),
        invoice_id=invoice.invoice_id,
    )


def _repriced(
    accrual: Accrual, lines: list[MatchLine], invoice: Invoice, match: InvoiceMatch
) -> ReceiptRepriced:
    return ReceiptRepriced(
        repricing_id=new_id(),
        receipt_id=accrual.receipt_id,
        receipt_number=accrual.receipt_number,
        cause="invoice",
        document_id=match.match_id,
        document_number=invoice.number,
        currency=accrual.books_currency,
        at=now(),
        posted_by=match.accepted_by or match.by,
        lines=tuple(
            RepricedLine(
                line_no=line.receipt_line_no,
                item_id=line.item_id,
                site_id=line.site_id,
                quantity=line.quantity,
                difference=line.difference,
            )
            for line in lines
        ),
    )
