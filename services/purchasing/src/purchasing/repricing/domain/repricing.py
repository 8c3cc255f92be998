"""A correction of a receipt's prices: proposed by one person, applied by another."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from purchasing.rates.domain import in_books
from purchasing.repricing.domain.refusals import (
    AmountTooLarge,
    ProposerApproves,
    RepricingDecided,
)
from purchasing.settlement.domain import Accrual, AccrualLine, Share, accrued_line

MOST = Decimal(10**11)
"""Below this a line and its tax, of a hundred percent at most, are sums of money that travel."""
ONE = Decimal(1)


class RepricingStatus(StrEnum):
    """Where a correction stands."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    DROPPED = "dropped"


class RepricingCause(StrEnum):
    """Why the price of the receipt was wrong."""

    ENTERED_WRONG = "price_entered_wrong"
    AGREED_OTHERWISE = "price_agreed_otherwise"
    TAKEN_BACK = "correction_taken_back"


@dataclass(eq=False, kw_only=True)
class RepricingLine:
    """Another unit price for a line of the receipt, and by how much it is worth more or less."""

    line_no: int
    item_id: str
    quantity: Decimal
    unit_cost_before: Decimal
    unit_cost: Decimal
    net_change: Decimal
    tax_change: Decimal
    books_net_change: Decimal
    books_tax_change: Decimal

    def change_by(self, share: Share) -> None:
        """Keep by how much what is owed changes."""
        self.quantity = share.quantity
        self.net_change, self.tax_change = share.net, share.tax
        self.books_net_change, self.books_tax_change = share.books_net, share.books_tax


@dataclass(eq=False, kw_only=True)
class Repricing:
    """A correction with its lines; taken back by another one, never edited."""

    repricing_id: UUID
    number: str
    receipt_id: UUID
    receipt_number: str
    supplier_id: str
    site_id: str
    currency: str
    books_currency: str
    cause: RepricingCause
    document: str
    """What says so: the number of the supplier's letter, of a price list, of a contract."""
    proposed_at: datetime
    proposed_by: str
    status: RepricingStatus = RepricingStatus.PROPOSED
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    """Why it was dropped."""
    lines: list[RepricingLine] = field(default_factory=list)

    def apply(self, by: str, at: datetime) -> None:
        """Let it count; somebody else than who proposed it must want that."""
        self._must_be_open()
        if by == self.proposed_by:
            raise ProposerApproves(subject=by, number=self.number)
        self.status, self.decided_by, self.decided_at = RepricingStatus.APPLIED, by, at

    def drop(self, by: str, at: datetime, reason: str) -> None:
        """Let it be as if nobody had proposed it."""
        self._must_be_open()
        self.status, self.decided_by, self.decided_at = RepricingStatus.DROPPED, by, at
        self.reason = reason

    def _must_be_open(self) -> None:
        if self.status is not RepricingStatus.PROPOSED:
            raise RepricingDecided(
                number=self.number,
                repricing_status=self.status.value,
                decided_at="" if self.decided_at is None else self.decided_at.isoformat(),
            )


def price_at(accrual: Accrual, owed: AccrualLine, unit_cost: Decimal) -> AccrualLine:
    """Return what would be owed for a line at another unit price.

    All of it is counted anew, as if it had been received at that price: two corrections that
    follow each other leave no cent that one alone would not.
    """
    if unit_cost * max(owed.quantity, ONE) * max(accrual.rate or ONE, ONE) >= MOST:
        raise AmountTooLarge(
            line_no=owed.line_no, unit_cost=format(unit_cost, "f"), limit=format(MOST, "f")
        )
    return accrued_line(
        owed.line_no,
        owed.item_id,
        owed.quantity,
        unit_cost,
        in_books(unit_cost, accrual.rate),
        owed.tax_percent,
    )
