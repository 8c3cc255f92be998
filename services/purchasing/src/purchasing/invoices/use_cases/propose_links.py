"""Propose what each line of an invoice is for: by its name, then by its price, the oldest first.

A red-letter invoice is proposed for claims: goods that went back after they had been invoiced.
"""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices.domain import (
    Invoice,
    InvoiceLine,
    InvoiceUnitUnknown,
    LinesUnmatched,
    Link,
)
from purchasing.recognition.domain import Agreed, Said, meant_by
from purchasing.recognition.store import agreements
from purchasing.reference.domain import Units, UnknownUnit

Left = dict[tuple[UUID, int], Decimal]


async def propose_links(session: AsyncSession, invoice: Invoice) -> Sequence[Link]:
    """Return a link or more for each line; raise with all lines that nothing owed for fits."""
    supplier_id, said = invoice.supplier_id, [_said(line) for line in invoice.lines]
    agreed = await agreements.agreed_with(
        session, supplier_id, invoice.currency, claims=invoice.is_credit
    )
    names = await agreements.names_of(session, supplier_id, [one.named for one in said])
    left = {one.key: one.quantity for one in agreed}
    links: list[Link] = []
    unmatched = []
    priced = invoice.priced()
    for line, words in zip(invoice.lines, said, strict=True):
        if line.line_no not in priced:
            continue
        meant = meant_by(words, agreed, names)
        places = [one for one in agreed if meant is not None and one.item_id == meant.item_id]
        # What was ordered at this very price goes before what was ordered earlier.
        found = _fill(line, sorted(places, key=lambda one: not one.has_price(words)), left)
        links += found
        if not found:
            unmatched.append(str(line.line_no))
    if unmatched:
        raise LinesUnmatched(unmatched=", ".join(unmatched))
    return links


def _said(line: InvoiceLine) -> Said:
    return Said(
        line_no=line.line_no,
        name=line.name,
        specification=line.specification,
        unit=line.unit or "",
        quantity=line.quantity,
        unit_price=_price_of(line),
    )


def _price_of(line: InvoiceLine) -> Decimal | None:
    """Return the price of a unit, also where only quantity and amount say it, if that is exact."""
    if line.unit_price is not None or not line.quantity:
        return line.unit_price
    price = abs(line.net / line.quantity)
    return price if price * abs(line.quantity) == abs(line.net) else None


def _measure(quantity: Decimal, line: InvoiceLine, known: Units) -> Decimal:
    """Return a quantity in base units, which are also meant where the invoice names no unit."""
    try:
        return known.measure(quantity, line.unit or known.base_unit, line.line_no).quantity
    except UnknownUnit as unknown:
        raise InvoiceUnitUnknown(**unknown.facts) from unknown


def _fill(line: InvoiceLine, places: Sequence[Agreed], left: Left) -> list[Link]:
    # What goes back stands below zero on a red-letter invoice.
    wanted = abs(line.quantity or Decimal(0))
    if wanted > 0 and places:
        wanted = _measure(wanted, line, places[0].units)
    places = [one for one in places if left[one.key] > 0]
    links = []
    for one in places:
        part = wanted if one is places[-1] else min(wanted, left[one.key])
        if part <= 0:
            break
        left[one.key] -= part
        wanted -= part
        links.append(
            Link(
                invoice_line_no=line.line_no,
                receipt_id=one.receipt_id,
                receipt_line_no=one.line_no,
                quantity=part,
                return_id=one.return_id,
            )
        )
    return links
