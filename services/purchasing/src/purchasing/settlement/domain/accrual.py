"""What is owed for a receipt that is not invoiced yet, cleared share by share to exactly zero."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

CENT = Decimal("0.01")
ZERO = Decimal(0)
AMOUNTS = ("net", "tax", "books_net", "books_tax")


def cents(amount: Decimal) -> Decimal:
    """Return the amount to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


class AccrualStatus(StrEnum):
    """Whether something is still to be invoiced."""

    OPEN = "open"
    CLEARED = "cleared"


class AccrualCause(StrEnum):
    """Why it was raised."""

    CONFIRMED = "confirmed"
    PERIOD_END = "period_end"
    RETURN = "return"
    """Invoiced goods went back: what is owed is below zero, until a red-letter invoice comes."""


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

    def reduce(self, quantity: Decimal) -> None:
        """Owe for so much less, of what is not invoiced: it went back."""
        share = self.share(quantity)
        self.quantity -= share.quantity
        for name in AMOUNTS:
            setattr(self, name, getattr(self, name) - getattr(share, name))

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


@dataclass(eq=False, kw_only=True)
class Accrual:
    """What is owed for a receipt, or below zero by the supplier for what went back of it."""

    accrual_id: UUID
    number: str
    receipt_id: UUID
    receipt_number: str
    supplier_id: str
    site_id: str
    period: str
    cause: AccrualCause
    raised_at: datetime
    raised_by: str
    currency: str
    books_currency: str
    rate: Decimal | None
    return_id: UUID | None = None
    """The return that it is a claim for; None where goods are owed for."""
    net: Decimal = ZERO
    tax: Decimal = ZERO
    books_net: Decimal = ZERO
    books_tax: Decimal = ZERO
    open_net: Decimal = ZERO
    open_tax: Decimal = ZERO
    open_books_net: Decimal = ZERO
    open_books_tax: Decimal = ZERO
    status: AccrualStatus = AccrualStatus.OPEN
    cleared_at: datetime | None = None
    lines: list[AccrualLine] = field(default_factory=list)

    @property
    def about(self) -> UUID:
        """Return the document that it is owed for: a receipt, or a return of invoiced goods."""
        return self.return_id or self.receipt_id

    def line(self, line_no: int) -> AccrualLine | None:
        """Return the line of the receipt's line, if it is owed for."""
        return next((line for line in self.lines if line.line_no == line_no), None)

    def count(self, at: datetime) -> None:
        """Add up what is owed. Free goods alone owe nothing: that is cleared from the start."""
        for name in AMOUNTS:
            setattr(self, name, sum((getattr(one, name) for one in self.lines), ZERO))
        self.recount(at)

    def recount(self, at: datetime) -> AccrualStatus | None:
        """Count what is open anew; return the status if it is another one now."""
        for name in AMOUNTS:
            cleared = sum((getattr(one, f"cleared_{name}") for one in self.lines), ZERO)
            setattr(self, f"open_{name}", getattr(self, name) - cleared)
        done = all(not one.open_quantity for one in self.lines)
        status = AccrualStatus.CLEARED if done else AccrualStatus.OPEN
        if status is self.status:
            return None
        self.status, self.cleared_at = status, at if done else None
        return status

    def in_books(self, amount: Decimal) -> Decimal:
        """Return an amount in the books' currency, at the rate the receipt was valued by."""
        return amount if self.rate is None else cents(amount * self.rate)


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
