"""A line of what is owed: its sums, and the share of them that a quantity stands for."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal(0)
AMOUNTS = ("net", "tax", "books_net", "books_tax")


def cents(amount: Decimal) -> Decimal:
    """Return the amount to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class Share:
    """A part of an accrual's line, in the currency agreed and in that of the books."""

    quantity: Decimal
    net: Decimal
    tax: Decimal
    books_net: Decimal
    books_tax: Decimal


@dataclass(eq=False, kw_only=True)
class AccrualLine:
    """What is owed for a line of the receipt, and how much of it was invoiced."""

    line_no: int
    item_id: str
    quantity: Decimal
    net: Decimal
    tax_percent: Decimal
    tax: Decimal
    books_net: Decimal
    books_tax: Decimal
    cleared_quantity: Decimal = ZERO
    cleared_net: Decimal = ZERO
    cleared_tax: Decimal = ZERO
    cleared_books_net: Decimal = ZERO
    cleared_books_tax: Decimal = ZERO

    @property
    def open_quantity(self) -> Decimal:
        """What is still to be invoiced, in base units."""
        return self.quantity - self.cleared_quantity

    def share(self, quantity: Decimal) -> Share:
        """Return what a quantity stands for; the last one takes what the others have left over."""
        if quantity >= self.open_quantity:
            return Share(
                quantity=self.open_quantity,
                net=self.net - self.cleared_net,
                tax=self.tax - self.cleared_tax,
                books_net=self.books_net - self.cleared_books_net,
                books_tax=self.books_tax - self.cleared_books_tax,
            )
        upto = self.cleared_quantity + quantity
        return Share(
            quantity=quantity,
            net=self._upto(self.net, upto) - self.cleared_net,
            tax=self._upto(self.tax, upto) - self.cleared_tax,
            books_net=self._upto(self.books_net, upto) - self.cleared_books_net,
            books_tax=self._upto(self.books_tax, upto) - self.cleared_books_tax,
        )

    def clear(self, share: Share, sign: int = 1) -> None:
        """Count a share as invoiced; with sign -1 as no longer invoiced."""
        self.cleared_quantity += sign * share.quantity
        self.cleared_net += sign * share.net
        self.cleared_tax += sign * share.tax
        self.cleared_books_net += sign * share.books_net
        self.cleared_books_tax += sign * share.books_tax

    def reduce(self, quantity: Decimal) -> Share:
        """Owe for so much less, of what is not invoiced: it went back. Return what that is."""
        share = self.share(quantity)
        for name in ("quantity", *AMOUNTS):
            setattr(self, name, getattr(self, name) - getattr(share, name))
        return share

    def extend(self, share: Share) -> None:
        """Owe for so much more, which did not go back after all."""
        for name in ("quantity", *AMOUNTS):
            setattr(self, name, getattr(self, name) + getattr(share, name))

    @property
    def is_invoiced(self) -> bool:
        """Whether an invoice said what some of it costs."""
        return bool(self.cleared_quantity)

    def change_to(self, other: "AccrualLine") -> Share:
        """Owe what the other line says, of which nothing is invoiced; return how much more."""
        change = self.until(other)
        for name in AMOUNTS:
            setattr(self, name, getattr(other, name))
        return change

    def until(self, other: "AccrualLine") -> Share:
        """Return how much more the other line says is owed for the same goods."""
        return Share(
            quantity=self.quantity,
            net=other.net - self.net,
            tax=other.tax - self.tax,
            books_net=other.books_net - self.books_net,
            books_tax=other.books_tax - self.books_tax,
        )

    def _upto(self, whole: Decimal, quantity: Decimal) -> Decimal:
        # Of the sum so far, not of the part: cents never add up to more than the whole.
        return cents(whole * quantity / self.quantity)


def accrued_line(
    line_no: int,
    item_id: str,
    quantity: Decimal,
    unit_cost: Decimal,
    books_cost: Decimal,
    tax_percent: Decimal,
) -> AccrualLine:
    """Return what is owed for a line: its price before tax, and the tax on that."""
    net, books_net = cents(quantity * unit_cost), cents(quantity * books_cost)
    return AccrualLine(
        line_no=line_no,
        item_id=item_id,
        quantity=quantity,
        net=net,
        tax_percent=tax_percent,
        tax=cents(net * tax_percent / 100),
        books_net=books_net,
        books_tax=cents(books_net * tax_percent / 100),
    )
