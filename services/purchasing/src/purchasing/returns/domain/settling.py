"""What is owed less for goods that went back: what is not invoiced first, then a claim."""

from dataclasses import dataclass
from decimal import Decimal

from purchasing.settlement.domain import AccrualLine, Share, cents

ZERO = Decimal(0)


@dataclass(frozen=True)
class Invoiced:
    """How much of a receipt's line was invoiced and is not claimed back yet, and at what sums.

    The sums are what invoices really said, not what was accrued: that is what the supplier has to
    give back, and what the goods cost in the books.
    """

    quantity: Decimal = ZERO
    net: Decimal = ZERO
    books_net: Decimal = ZERO

    def share(self, quantity: Decimal) -> "Invoiced":
        """Return what a quantity stands for; the last one takes what the others have left over."""
        if quantity >= self.quantity:
            return self
        part = quantity / self.quantity
        return Invoiced(quantity, cents(self.net * part), cents(self.books_net * part))


def split(owed: AccrualLine, quantity: Decimal, invoiced: Invoiced) -> tuple[Decimal, Decimal]:
    """Return how much of what went back was not invoiced, and how much was."""
    fresh = min(quantity, owed.open_quantity)
    return fresh, min(quantity - fresh, invoiced.quantity)


def claimed_line(owed: AccrualLine, invoiced: Invoiced) -> AccrualLine:
    """Return what the supplier owes for invoiced goods that went back: amounts below zero."""
    percent = owed.tax_percent
    net, books_net = max(invoiced.net, ZERO), max(invoiced.books_net, ZERO)
    return AccrualLine(
        line_no=owed.line_no,
        item_id=owed.item_id,
        quantity=invoiced.quantity,
        net=-net,
        tax_percent=percent,
        tax=-cents(net * percent / 100),
        books_net=-books_net,
        books_tax=-cents(books_net * percent / 100),
    )


def owed_again(claim: AccrualLine) -> Share:
    """Return what is owed for goods that were kept after all, though their claim was cleared.

    The supplier has given back what it had invoiced for them, so that this is owed anew.
    """
    return Share(
        quantity=claim.cleared_quantity,
        net=-claim.cleared_net,
        tax=-claim.cleared_tax,
        books_net=-claim.cleared_books_net,
        books_tax=-claim.cleared_books_tax,
    )
