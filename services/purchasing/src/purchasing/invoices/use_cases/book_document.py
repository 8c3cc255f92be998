"""Book the invoice of an uploaded file, as it was read there and let pass."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices.domain import (
    DocumentOfOtherSupplier,
    Invoice,
    InvoiceKind,
    InvoiceKindUnknown,
    SupplierUnclear,
    kinds_of,
    must_be_of_kind,
)
from purchasing.invoices.use_cases.book_invoice import BookInvoice, book_invoice
from purchasing.recognition import store as recognition
from purchasing.recognition.domain import Invoice as Read
from purchasing.recognition.domain import InvoiceDocument
from purchasing.recognition.store import agreements

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
    """Which file, and what a person says of it; None is taken from what was read."""

    document_id: UUID
    supplier_id: str | None
    kind: InvoiceKind | None
    currency: str
    by: str


async def book_document(session: AsyncSession, order: BookDocument) -> Invoice:
    """Return the invoice booked; the document must be confirmed, and be of that supplier."""
    document = await recognition.document_to_change(session, order.document_id)
    read = document.invoice()
    said = {name: getattr(read, name) for name in SAID}
    said |= {
        "supplier_id": await _supplier(session, document, read, order),
        "kind": _kind(read, order),
        "currency": order.currency,
    }
    booking = BookInvoice(said, _lines(read), order.by, order.document_id)
    return await book_invoice(session, booking)


async def _supplier(
    session: AsyncSession, document: InvoiceDocument, read: Read, order: BookDocument
) -> str:
    """Return who uploaded it, or whom a person names, or whose tax number the seller has."""
    if document.supplier_id is not None:
        if order.supplier_id not in (None, document.supplier_id):
            raise DocumentOfOtherSupplier(
                document_id=order.document_id,
                uploader=document.supplier_id,
                supplier_id=order.supplier_id,
            )
        return document.supplier_id
    if order.supplier_id is not None:
        return order.supplier_id
    found = await agreements.sellers_of(session, read.seller_tax_id)
    if len(found) != 1:
        raise SupplierUnclear(
            seller_tax_id=read.seller_tax_id, suppliers=", ".join(found) or "no supplier (无)"
        )
    return found[0]


def _kind(read: Read, order: BookDocument) -> InvoiceKind:
    """Return the kind that number and title tell; a person says it where no title was seen."""
    if order.kind is not None:
        return must_be_of_kind(order.kind, read.code, read.number, special=read.special)
    possible = kinds_of(read.code, read.number, special=read.special)
    if len(possible) > 1:
        raise InvoiceKindUnknown(document_id=order.document_id, possible=" or ".join(possible))
    return possible[0]


def _lines(read: Read) -> list[dict[str, Any]]:
    return [
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
