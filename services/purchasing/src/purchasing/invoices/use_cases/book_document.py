"""Book the invoice of an uploaded file, as it was read there and let pass."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from invoice_reading.amounts import words_of
from purchasing.invoices.domain import (
    DocumentOfOtherSupplier,
    Invoice,
    InvoiceCurrencyContradicted,
    InvoiceCurrencyUnclear,
    InvoiceKind,
    InvoiceKindUnknown,
    SupplierUnclear,
    kinds_of,
    must_be_of_kind,
)
from purchasing.invoices.use_cases.book_invoice import BookInvoice, book_invoice
from purchasing.recognition import store as recognition
from purchasing.recognition.domain import YUAN, InvoiceDocument
from purchasing.recognition.domain import Invoice as Read
from purchasing.recognition.store import agreements
from purchasing.settlement import store as settlement

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
    """Which file, and what a person says of it; None is taken from what was read and is owed."""

    document_id: UUID
    supplier_id: str | None = None
    kind: InvoiceKind | None = None
    currency: str | None = None
    by: str
    books_currency: str | None = None
    """Where nobody looks at it: in what it is booked if nothing is owed, and in nothing else."""


async def book_document(session: AsyncSession, order: BookDocument) -> Invoice:
    """Return the invoice booked; the document must be confirmed, and be of that supplier."""
    document = await recognition.document_to_change(session, order.document_id)
    read = document.invoice()
    said = {name: getattr(read, name) for name in SAID}
    supplier_id = await _supplier(session, document, read, order)
    said |= {
        "supplier_id": supplier_id,
        "kind": _kind(read, order),
        "currency": order.currency or await _currency(session, supplier_id, read, order),
    }
    booking = BookInvoice(said, _lines(read), order.by, order.document_id)
    invoice = await book_invoice(session, booking)
    document.book(invoice.invoice_id)
    return invoice


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


async def _currency(
    session: AsyncSession, supplier_id: str, read: Read, order: BookDocument
) -> str:
    """Return what it is marked with, if it is owed in that; else in what alone it is owed.

    A total that is written out in yuan marks it too. Where nothing is owed the mark alone counts.
    """
    owed = await settlement.currencies_owed(session, supplier_id)
    in_yuan = words_of(read.total_in_words) is not None
    mark = read.currency or (YUAN if in_yuan else "")
    if not owed and mark and order.books_currency in (None, mark):
        return mark
    if mark in owed or (len(owed) == 1 and not mark):
        return mark or owed[0]
    facts = {
        "document_id": order.document_id,
        "supplier_id": supplier_id,
        "said": mark or "none (无)",
        "owed": ", ".join(owed) or "none (无)",
    }
    if owed and mark:
        raise InvoiceCurrencyContradicted(**facts)
    raise InvoiceCurrencyUnclear(**facts)


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
