"""Book an invoice, whoever has read it. The same one is booked once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices import store
from purchasing.invoices.domain import (
    Invoice,
    InvoiceBookedBefore,
    InvoiceLine,
    SellerIsNotSupplier,
    identity_of,
    kinds_of,
)
from purchasing.suppliers import store as suppliers
from servicekit.clock import now
from servicekit.ids import new_id


@dataclass(frozen=True)
class BookInvoice:
    """What the invoice says (the fields of `Invoice`), its lines, who books it, and from what."""

    said: dict[str, Any]
    lines: Sequence[dict[str, Any]]
    by: str
    document_id: UUID | None = None


async def book_invoice(session: AsyncSession, order: BookInvoice) -> Invoice:
    """Return the invoice booked; raise if it doesn't add up, or naming the one booked before."""
    supplier = await suppliers.supplier(session, order.said["supplier_id"])
    lines = [
        InvoiceLine(line_no=line_no, **line) for line_no, line in enumerate(order.lines, start=1)
    ]
    said = dict(order.said)
    # Typed without a kind, it is the one whose tax is deducted, in the form of its number.
    said["kind"] = said["kind"] or kinds_of(said["code"], said["number"])[0]
    invoice = Invoice(
        invoice_id=new_id(),
        document_id=order.document_id,
        due_on=supplier.due_on(order.said["issued_on"]),
        booked_at=now(),
        booked_by=order.by,
        lines=lines,
        **said,
    )
    invoice.identify()
    if supplier.tax_id not in (None, invoice.seller_tax_id):
        raise SellerIsNotSupplier(
            seller_tax_id=invoice.seller_tax_id,
            supplier_id=supplier.supplier_id,
            known=supplier.tax_id,
        )
    invoice.must_add_up()
    if not await store.add_if_new(session, invoice):
        raise _booked_before(await store.invoice_like(session, invoice))
    return invoice


async def must_be_new(session: AsyncSession, code: str, number: str) -> None:
    """Raise naming the invoice of that code and number that was booked before, if one was."""
    first = await store.booked_as(session, identity_of(code, number))
    if first is not None:
        raise _booked_before(first)


def _booked_before(first: Invoice) -> InvoiceBookedBefore:
    return InvoiceBookedBefore(
        code_and_number=f"{first.code} {first.number}".strip(),
        seller_tax_id=first.seller_tax_id,
        first=first.invoice_id,
        booked_at=first.booked_at.isoformat(),
    )
