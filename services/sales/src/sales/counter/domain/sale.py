"""A counter sale between its till and inventory: a state machine.

    open ──► sold
      │
      ├──► refused                       the goods stay in the shop
      └──► uncovered ──► written off     the goods had left before anybody asked
              └──► open, to ask again

Nothing has to be covered for the customer to have paid: who writes a sale off says whether the
money is kept, so that it is revenue of the day of sale, or refunded.

A sale is open while inventory's answer is not known. One that a till made while it was offline is
told late: its goods have left whatever the books say, so what the books don't cover is an
exception that a person closes, and never a refusal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sales.counter.domain.refusals import BasketToldTwice, SaleNotUncovered, SoldInFuture
from sales.orders.domain.lines import OrderLine

FIRST_WAIT_SECONDS = 2
LONGEST_WAIT_SECONDS = 60
CLOCKS_APART = timedelta(minutes=5)
"""How far a till's clock may be ahead of ours."""
RELEASED_BY_OTHERS = "reservation_released"


class SaleStatus(StrEnum):
    """Where a counter sale stands."""

    OPEN = "open"
    """Inventory has not answered yet."""
    SOLD = "sold"
    REFUSED = "refused"
    """Not covered; its goods are still in the shop."""
    UNCOVERED = "uncovered"
    """Not covered; its goods have left. An exception to close."""
    WRITTEN_OFF = "written_off"


class Money(StrEnum):
    """What becomes of the money of a sale that nothing covers."""

    KEPT = "kept"
    """It is revenue; what is missing of the goods a count or an adjustment finds."""
    REFUNDED = "refunded"


@dataclass(eq=False, kw_only=True)
class CounterSale:
    """A basket of one till; `sale_id` is its order's id too, once there is an order."""

    site_id: str
    sale_id: UUID
    number: str
    device: str
    basket_no: str | None
    """The till's own number; a basket that is told late has one, for it is told again and again."""
    customer_id: str
    warehouse_id: str
    currency: str
    total: Decimal
    lines: Sequence[OrderLine]
    sold_at: datetime
    is_late: bool
    """Whether the goods left before anybody asked."""
    taken_at: datetime
    taken_by: str
    status: SaleStatus = SaleStatus.OPEN
    round: int = 0
    """How often inventory was asked afresh; each time is a new question to it."""
    attempts: int = 0
    due_at: datetime | None = field(default=None)
    command_id: UUID | None = None
    """The command that asked afresh last; a repeat of it does not ask once more."""
    cause: str | None = None
    """Why it is not covered: a stable code."""
    problem: Mapping[str, Any] | None = None
    """The same in full: inventory's own words, or ours."""
    shipment_id: UUID | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    reason: str | None = None
    """Why a person wrote it off."""
    money: Money | None = None
    """What became of its money then; of those written off long ago nobody said."""

    def __post_init__(self) -> None:
        """Let a new sale wait for inventory's word."""
        if self.status is SaleStatus.OPEN and self.due_at is None:
            self._ask(self.taken_at)

    @property
    def is_open(self) -> bool:
        """Tell whether inventory's word is waited for."""
        return self.status is SaleStatus.OPEN

    def cover(self, shipment_id: UUID, at: datetime) -> None:
        """Inventory holds the goods for this very basket, so they can leave its books."""
        self._rest(SaleStatus.SOLD)
        self.shipment_id, self.closed_at = shipment_id, at
        self.cause = self.problem = None

    def deny(self, code: str, problem: Mapping[str, Any], at: datetime) -> None:
        """The goods are not covered."""
        self._rest(SaleStatus.UNCOVERED if self.is_late else SaleStatus.REFUSED)
        self.cause, self.problem = code, problem
        self.closed_at = None if self.is_late else at

    def ask_again(self, command_id: UUID, by: str, at: datetime) -> bool:
        """Ask afresh, now that the books may cover it; tell whether this command just began."""
        if self.command_id == command_id:
            return False
        self._must_be_uncovered()
        self.command_id, self.closed_by = command_id, by
        self.round += 1
        self._ask(at)
        return True

    def write_off(self, money: Money, by: str, reason: str, at: datetime) -> None:
        """Nothing will cover it: a person says why, and what becomes of the money.

        Of a sale that was written off before anybody had to say so, it can be said once.
        """
        if self.status is not SaleStatus.WRITTEN_OFF or self.money is not None:
            self._must_be_uncovered()
        self._rest(SaleStatus.WRITTEN_OFF)
        self.money = money
        self.closed_at, self.closed_by, self.reason = at, by, reason

    def try_again(self, at: datetime) -> None:
        """Count an attempt, and wait twice as long for the next one."""
        self.attempts += 1
        wait = min(FIRST_WAIT_SECONDS * 2 ** min(self.attempts, 10), LONGEST_WAIT_SECONDS)
        self.due_at = at + timedelta(seconds=wait)

    def must_be_same(self, other: "CounterSale") -> None:
        """Raise unless the other one, of the same till and number, is the same basket."""
        if any(getattr(self, name) != getattr(other, name) for name in _BASKET):
            raise BasketToldTwice(
                number=self.number, device=self.device, basket_no=self.basket_no or ""
            )

    def _must_be_uncovered(self) -> None:
        if self.status is not SaleStatus.UNCOVERED:
            raise SaleNotUncovered(number=self.number, status=self.status.value)

    def _ask(self, at: datetime) -> None:
        self.status, self.attempts = SaleStatus.OPEN, 0
        self.due_at = at + timedelta(seconds=FIRST_WAIT_SECONDS)

    def _rest(self, status: SaleStatus) -> None:
        self.status, self.attempts, self.due_at = status, 0, None


_BASKET = ("customer_id", "warehouse_id", "currency", "total", "lines", "sold_at")


def moment_sold(told: datetime | None, at: datetime) -> datetime:
    """Return when a basket was sold: now, or when the till says; raise if that is yet to come."""
    if told is None:
        return at
    if told > at + CLOCKS_APART:
        raise SoldInFuture(sold_at=told, now=at)
    return told
