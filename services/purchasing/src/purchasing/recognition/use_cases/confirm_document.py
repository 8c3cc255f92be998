"""Confirm what was read: a person corrects or accepts each field that is in doubt.

Who says which items its lines are says it for the seller's next invoices too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.recognition import store
from purchasing.recognition.domain import BadField, InvoiceDocument, SellerUnknown
from purchasing.recognition.store import agreements
from purchasing.reference import store as reference
from servicekit.auth import Caller
from servicekit.clock import now


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """What a person says of the fields, by paths such as `total` and `lines.2.amount`."""

    document_id: UUID
    corrections: Mapping[str, str]
    accepted: Collection[str]
    items: Mapping[int, str]
    """Which items lines are, by their numbers."""
    caller: Caller
    versions: Collection[int] | None


async def confirm_document(session: AsyncSession, said: Confirmation) -> InvoiceDocument:
    """Return the confirmed document, from which an invoice can be booked."""
    document = await store.document_to_change(session, said.document_id)
    document.must_be_at(said.versions)
    document.confirm(said.corrections, said.accepted, said.caller.subject, now())
    if said.items:
        await _remember(session, document, said.items)
    return document


async def _remember(
    session: AsyncSession, document: InvoiceDocument, items: Mapping[int, str]
) -> None:
    invoice = document.invoice()
    named = {line.line_no: (line.name, line.specification) for line in invoice.lines}
    if strange := sorted(items.keys() - named.keys()):
        raise BadField(fields=", ".join(f"lines.{line_no}" for line_no in strange))
    tax_id = invoice.seller_tax_id
    seller = await agreements.seller_of(session, tax_id, document.supplier_id)
    if seller is None:
        raise SellerUnknown(tax_id=tax_id)
    await reference.items_of(session, sorted(set(items.values())))
    said = {named[line_no]: item_id for line_no, item_id in items.items()}
    await agreements.remember_names(session, seller, said)
