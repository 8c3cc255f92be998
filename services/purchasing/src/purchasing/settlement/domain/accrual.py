"""What is owed for a receipt that is not invoiced yet, cleared share by share to exactly zero."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from purchasing.settlement.domain.owed import AMOUNTS, ZERO, AccrualLine, cents


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
