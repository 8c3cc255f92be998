"""Book the invoice of an uploaded file, as it was read there and let pass."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices.domain import DocumentOfOtherSupplier, Invoice, InvoiceKind
from purchasing.invoices.use_cases.book_invoice import BookInvoice, book_invoice
from purchasing.recognition import store as recognition

SAID = (
    "code",
    "number",
    "issued_on",
    "seller_name",
    "seller_tax_id",
    "buyer_name",
    "buyer_tax_id",
    "net",
    "tax",
    "total",
)


@dataclass(frozen=True, kw_only=True)
class BookDocument:
    """Which file, and what it does not say itself."""

    document_id: UUID
    supplier_id: str
    kind: InvoiceKind
    currency: str
    by: str


async def book_document(session: AsyncSession, order: BookDocument) -> Invoice:
    """Return the invoice booked; the document must be confirmed, and be of that supplier."""
    document = await recognition.document_to_change(session, order.document_id)
    read = document.invoice()
    if document.supplier_id not in (None, order.supplier_id):
        raise DocumentOfOtherSupplier(
            document_id=order.document_id,
            uploader=document.supplier_id,
            supplier_id=order.supplier_id,
        )
    said = {name: getattr(read, name) for name in SAID}
    said |= {"supplier_id": order.supplier_id, "kind": order.kind, "currency": order.currency}
    lines = [
        {
            "name": line.name,
            "specification": line.specification,
            "unit": line.unit or None,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "net": line.amount,
            "tax_percent": Decimal(0) if line.tax_rate is None else line.tax_rate,
            "tax": line.tax,
        }
        for line in read.lines
    ]
    return await book_invoice(session, BookInvoice(said, lines, order.by, order.document_id))
