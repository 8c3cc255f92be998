"""Propose what each line of an invoice is for: the oldest that is owed for under that name.

A red-letter invoice is proposed for claims: goods that went back after they had been invoiced.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices import store
from purchasing.invoices.domain import (
    Invoice,
    InvoiceLine,
    InvoiceUnitUnknown,
    LinesUnmatched,
    Link,
)
from purchasing.reference import store as reference
from purchasing.reference.domain import Item, Units, UnknownUnit
from purchasing.settlement.domain import Accrual


async def propose_links(session: AsyncSession, invoice: Invoice) -> Sequence[Link]:
    """Return a link or more for each line; raise with all lines that nothing owed for fits."""
    owed = await store.open_accruals(session, invoice.supplier_id, claims=invoice.is_credit)
    item_ids = sorted({line.item_id for accrual in owed for line in accrual.lines})
    items = await reference.items_of(session, item_ids)
    units = await reference.units_of(session, items)
    names = [line.name for line in invoice.lines]
    known = await store.items_called(session, invoice.supplier_id, names)
    left = {(one.about, line.line_no): line.open_quantity for one in owed for line in one.lines}
    links: list[Link] = []
    unmatched = []
    priced = invoice.priced()
    for line in (one for one in invoice.lines if one.line_no in priced):
        item_id = known.get(line.name) or _by_name(line.name, items)
        found = [] if item_id is None else _fill(line, item_id, owed, units, left)
        links += found
        if not found:
            unmatched.append(str(line.line_no))
    if unmatched:
        raise LinesUnmatched(unmatched=", ".join(unmatched))
    return links


def _by_name(name: str, items: Mapping[str, Item]) -> str | None:
    """Return the item called so; the tax bureau puts a category between asterisks before it."""
    plain = name.rpartition("*")[2].strip()
    return plain if plain in items else None


def _measure(quantity: Decimal, line: InvoiceLine, known: Units) -> Decimal:
    """Return a quantity in base units, which are also meant where the invoice names no unit."""
    try:
        return known.measure(quantity, line.unit or known.base_unit, line.line_no).quantity
    except UnknownUnit as unknown:
        raise InvoiceUnitUnknown(**unknown.facts) from unknown


def _fill(
    line: InvoiceLine,
    item_id: str,
    owed: Sequence[Accrual],
    units: Mapping[str, Units],
    left: dict[tuple[UUID, int], Decimal],
) -> list[Link]:
    # What goes back stands below zero on a red-letter invoice.
    wanted = abs(line.quantity or Decimal(0))
    if wanted > 0:
        wanted = _measure(wanted, line, units[item_id])
    places = [
        (accrual, one.line_no)
        for accrual in owed
        for one in accrual.lines
        if one.item_id == item_id and left[accrual.about, one.line_no] > 0
    ]
    links = []
    for accrual, line_no in places:
        is_last = (accrual, line_no) == places[-1]
        part = wanted if is_last else min(wanted, left[accrual.about, line_no])
        if part <= 0:
            break
        left[accrual.about, line_no] -= part
        wanted -= part
        links.append(
            Link(
                invoice_line_no=line.line_no,
                receipt_id=accrual.receipt_id,
                receipt_line_no=line_no,
                quantity=part,
                return_id=accrual.return_id,
            )
        )
    return links
