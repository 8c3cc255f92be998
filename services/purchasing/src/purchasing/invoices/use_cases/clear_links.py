"""Clear what is owed by what an invoice is linked to, and note what differs."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.invoices.domain import (
    Compared,
    Difference,
    Expected,
    Invoice,
    InvoiceMatch,
    LinesUnmatched,
    Link,
    MatchLine,
    NothingToCredit,
    OtherCurrency,
    Tolerances,
    UnknownLinks,
    credit_difference,
    divide,
    line_differences,
    total_difference,
    written,
)
from purchasing.settlement import store as settlement
from purchasing.settlement.domain import Accrual, AccrualLine, NotAccrued, Share
from purchasing.suppliers import store as suppliers

NOTHING = Share(
    quantity=Decimal(0), net=Decimal(0), tax=Decimal(0), books_net=Decimal(0), books_tax=Decimal(0)
)


async def accruals_of(
    session: AsyncSession, invoice: Invoice, links: Sequence[Link]
) -> Mapping[UUID, Accrual]:
    """Lock what the links lead to; raise unless every line is linked to something owed for."""
    numbers = set(invoice.priced())
    unmatched = numbers.difference(link.invoice_line_no for link in links)
    if unmatched:
        raise LinesUnmatched(unmatched=", ".join(str(one) for one in sorted(unmatched)))
    wanted = {link.about for link in links}
    found = await settlement.accruals_to_change(session, wanted, invoice.supplier_id)
    missing = wanted.difference(found)
    if missing:
        raise NotAccrued(receipts=", ".join(sorted(str(one) for one in missing)))
    strange = [
        str(link)
        for link in links
        if link.invoice_line_no not in numbers
        or found[link.about].line(link.receipt_line_no) is None
        or found[link.about].receipt_id != link.receipt_id
        or (link.return_id is not None and not invoice.is_credit)
    ]
    if strange:
        raise UnknownLinks(links=", ".join(strange))
    foreign = [one.receipt_number for one in found.values() if one.currency != invoice.currency]
    if foreign:
        raise OtherCurrency(currency=invoice.currency, receipts=", ".join(sorted(foreign)))
    return found


async def apply_links(
    session: AsyncSession,
    invoice: Invoice,
    match: InvoiceMatch,
    links: Sequence[Link],
    accruals: Mapping[UUID, Accrual],
) -> None:
    """Clear what the links lead to, and write into the match what was cleared and differs."""
    supplier = await suppliers.supplier(session, invoice.supplier_id)
    tolerances = Tolerances(
        supplier.quantity_tolerance_percent,
        supplier.price_tolerance_percent,
        supplier.total_tolerance,
    )
    nets = divide(invoice.priced(), links)
    if invoice.is_credit:
        _must_be_invoiced(links, nets, accruals)
    said = {line.line_no: line for line in invoice.lines}
    present = {line.place: line for line in match.lines}
    disputed = await settlement.lines_in_dispute(session, {link.receipt_id for link in links})
    found: list[Difference] = []
    for place, (link, net) in enumerate(zip(links, nets, strict=True), start=1):
        owed = owed_for(accruals, link)
        # Without a claim, a credit note lowers the price of what was invoiced: it clears nothing.
        lowers = invoice.is_credit and link.return_id is None
        share = NOTHING if lowers else owed.share(link.quantity)
        if not lowers:
            line = said[link.invoice_line_no]
            # What went back is claimed whatever is said of the rest of the receipt.
            held = link.return_id is None and (link.receipt_id, owed.line_no) in disputed
            compared = Compared(line, link, net, share, _expected(owed), held)
            found += line_differences(compared, tolerances)
        owed.clear(share)
        kept = present.get(place)
        if kept is None:
            kept = _linked(place, link, accruals[link.about], owed, net)
            match.lines.append(kept)
        _cleared(kept, share, accruals[link.about])
    match.differences = written([*found, *_in_all(invoice, match.lines, tolerances)])


def _in_all(
    invoice: Invoice, lines: Sequence[MatchLine], tolerances: Tolerances
) -> Sequence[Difference]:
    lowering = [one for one in lines if invoice.is_credit and one.return_id is None]
    clearing = [one for one in lines if one not in lowering]
    found = list(credit_difference(lowering)) if lowering else []
    return [*found, *total_difference(clearing, tolerances)] if clearing else found


def _expected(owed: AccrualLine) -> Expected:
    return Expected(quantity=owed.quantity, net=owed.net, tax_percent=owed.tax_percent)


def _linked(place: int, link: Link, accrual: Accrual, owed: AccrualLine, net: Decimal) -> MatchLine:
    return MatchLine(
        place=place,
        invoice_line_no=link.invoice_line_no,
        receipt_id=link.receipt_id,
        receipt_line_no=link.receipt_line_no,
        item_id=owed.item_id,
        site_id=accrual.site_id,
        quantity=link.quantity,
        net=net,
        return_id=link.return_id,
    )


def _cleared(line: MatchLine, share: Share, accrual: Accrual) -> None:
    line.cleared_quantity = share.quantity
    line.cleared_net, line.cleared_tax = share.net, share.tax
    line.cleared_books_net, line.cleared_books_tax = share.books_net, share.books_tax
    line.difference = accrual.in_books(line.net) - share.books_net


def _must_be_invoiced(
    links: Sequence[Link], nets: Sequence[Decimal], accruals: Mapping[UUID, Accrual]
) -> None:
    vain = [
        str(link)
        for link, net in zip(links, nets, strict=True)
        if link.return_id is None and owed_for(accruals, link).cleared_net + net < 0
    ]
    if vain:
        raise NothingToCredit(links=", ".join(vain))


def owed_for(accruals: Mapping[UUID, Accrual], link: Link | MatchLine) -> AccrualLine:
    """Return the line of the accrual that a link leads to, which was checked to be there."""
    found = accruals[link.about].line(link.receipt_line_no)
    if found is None:
        raise UnknownLinks(links=f"{link.about}/{link.receipt_line_no}")
    return found


def count(match: InvoiceMatch, accruals: Mapping[UUID, Accrual], sign: int) -> None:
    """Count what a match cleared as cleared; with sign -1 as no longer cleared."""
    for line in match.lines:
        share = Share(
            quantity=line.cleared_quantity,
            net=line.cleared_net,
            tax=line.cleared_tax,
            books_net=line.cleared_books_net,
            books_tax=line.cleared_books_tax,
        )
        owed_for(accruals, line).clear(share, sign)
