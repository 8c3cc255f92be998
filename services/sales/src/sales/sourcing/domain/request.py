"""A request for goods from wherever they are: one order for each warehouse, all held or none.

    placing ──► held ──► paying ──► paid
      │  │        │         │
      │  └► refused         ▼
      └───────────┴──► cancelling ──► cancelled

The orders exist before anything is held for them, and each is driven to its end by itself, also
after a crash: nothing is ever held that belongs to no order. What the request needs next follows
from where its orders stand, whoever asks and however often.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from sales.channels.domain import Channel
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import CANCELLABLE, OrderStatus
from sales.orders.domain.waiting import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS
from sales.sourcing.domain.refusals import (
    RequestNotCancellable,
    RequestNotPayable,
    RequestWrongAmount,
)
from sales.sourcing.domain.sources import Mode, Place, Rule
from sales.sourcing.domain.states import ENDED, FAILED, WAITING, Need, RequestStatus


@dataclass(eq=False, kw_only=True)
class SourcingRequest:
    """A request without its lines, which never change."""

    request_id: UUID
    number: str
    customer_id: str
    site_id: str
    """The site that asks: where the customer is."""
    warehouse_id: str
    currency: str
    channel: Channel
    mode: Mode
    total: Decimal
    ttl_seconds: int
    placed_at: datetime
    placed_by: str
    status: RequestStatus = RequestStatus.PLACING
    attempt: int = 0
    """Which plan is tried."""
    tried: list[list[Place]] = field(default_factory=list)
    """The warehouses of each plan that was tried."""
    rule: Rule | None = None
    """What decided for the present plan."""
    considered: list[dict[str, Any]] = field(default_factory=list)
    """What was chosen from, when the present plan was made."""
    problem: dict[str, Any] | None = None
    """Why it was refused."""
    payment_id: UUID | None = None
    """The command that pays for it, or takes it on credit."""
    on_credit: bool = False
    """Its orders are to be paid later: until then they are kept, and ship, as if they were."""
    cause: str | None = None
    waits: int = 0
    due_at: datetime | None = None

    def __post_init__(self) -> None:
        """Let a new request be looked at again, if whoever placed it is gone."""
        if self.due_at is None and self.status in WAITING:
            self.wait(self.placed_at)

    @property
    def is_open(self) -> bool:
        """Tell whether there is something to be done for it."""
        return self.status in WAITING

    @property
    def tried_places(self) -> Collection[frozenset[Place]]:
        """Return the sets of warehouses that were tried."""
        return {frozenset((site, warehouse) for site, warehouse in one) for one in self.tried}

    def order_id(self, number: int) -> UUID:
        """Return the id of an order of the present plan, the same at every repeat."""
        return uuid5(self.request_id, f"{self.attempt}:{number}")

    def payment_of(self, order_id: UUID) -> UUID:
        """Return the command that pays one of its orders."""
        if self.payment_id is None:
            raise AssertionError("nobody pays yet")
        return uuid5(self.payment_id, str(order_id))

    def next_need(self, orders: Sequence[SalesOrder]) -> Need:
        """Return what is needed next, as its orders stand."""
        if self.status is RequestStatus.PLACING and not orders:
            return Need.PLAN
        if self.status is RequestStatus.CANCELLING or any(one.status in FAILED for one in orders):
            return self._way_back(orders)
        if any(one.next_step is not None for one in orders):
            return Need.DRIVE
        payable = any(one.status is OrderStatus.RESERVED for one in orders)
        paying = self.status is RequestStatus.PAYING and not self.on_credit
        return Need.PAY if paying and payable else Need.SETTLE

    def _way_back(self, orders: Sequence[SalesOrder]) -> Need:
        if any(can_be_undone(one) for one in orders):
            return Need.UNDO
        if not all(has_ended(one) for one in orders):
            return Need.DRIVE
        gone = any(one.shipment_id is not None for one in orders)
        placing = self.status is RequestStatus.PLACING and not gone
        return Need.PLAN if placing else Need.SETTLE

    def settle(self, orders: Sequence[SalesOrder]) -> None:
        """Note what it has come to."""
        failed = next((one for one in orders if one.status in FAILED), None)
        if self.status is RequestStatus.CANCELLING or failed is not None:
            self.cause = self.cause or (failed.cause if failed else None)
            self._rest(RequestStatus.CANCELLED)
        elif self.status is RequestStatus.PLACING:
            self._rest(RequestStatus.HELD)
        else:
            self._rest(RequestStatus.PAID)

    def refuse(self, code: str, problem: dict[str, Any]) -> None:
        """End it: the goods are not to be had."""
        self.cause, self.problem = code, problem
        self._rest(RequestStatus.REFUSED)

    def pay(self, payment_id: UUID, amount: Decimal, due: Decimal, at: datetime) -> None:
        """Begin a payment of what is due, unless it is this very one that has begun before."""
        if self.payment_id == payment_id:
            return
        self._must_be_held()
        if amount != due:
            raise RequestWrongAmount(number=self.number, total=f"{due:f}", amount=f"{amount:f}")
        self.payment_id = payment_id
        self._go_to(RequestStatus.PAYING, at)

    def take_on_credit(
        self, command_id: UUID, orders: Sequence[SalesOrder], at: datetime
    ) -> list[SalesOrder]:
        """Begin to keep all goods without a payment; return the orders that are owed for now.

        One that its own site was paid for is not owed. If one is lost already, none is: what is
        left of the request is undone.
        """
        if self.payment_id == command_id:
            return []
        self._must_be_held()
        self.payment_id, self.on_credit = command_id, True
        self._go_to(RequestStatus.PAYING, at)
        if any(one.status in FAILED for one in orders):
            return []
        owed = [one for one in orders if one.status is OrderStatus.RESERVED]
        for one in owed:
            one.take_on_credit(self.payment_of(one.order_id), at)
        return owed

    def cancel(self, by: str, orders: Sequence[SalesOrder], at: datetime) -> None:
        """Begin to cancel; what is cancelled already, or about to be, stays so."""
        if self.status in (RequestStatus.CANCELLING, RequestStatus.CANCELLED):
            return
        open_ = self.status in (RequestStatus.PLACING, RequestStatus.HELD, RequestStatus.PAID)
        if not open_ or any(one.shipment_id is not None for one in orders):
            raise RequestNotCancellable(number=self.number, status=self.status.value)
        self.cause = by
        self._go_to(RequestStatus.CANCELLING, at)

    def wait(self, at: datetime) -> None:
        """Put off the next look at it, twice as long each time."""
        seconds = min(FIRST_WAIT_SECONDS * 2 ** min(self.waits, 10), LONGEST_WAIT_SECONDS)
        self.waits, self.due_at = self.waits + 1, at + timedelta(seconds=seconds)

    def _must_be_held(self) -> None:
        if self.status is not RequestStatus.HELD:
            raise RequestNotPayable(number=self.number, status=self.status.value)

    def _go_to(self, status: RequestStatus, at: datetime) -> None:
        self.status, self.waits = status, 0
        self.wait(at)

    def _rest(self, status: RequestStatus) -> None:
        self.status, self.waits, self.due_at = status, 0, None


def can_be_undone(order: SalesOrder) -> bool:
    """Tell whether an order can still be cancelled as a whole."""
    return order.status in CANCELLABLE and order.shipment_id is None


def has_ended(order: SalesOrder) -> bool:
    """Tell whether nothing can be undone about an order any more."""
    return order.status in ENDED or order.shipment_id is not None
