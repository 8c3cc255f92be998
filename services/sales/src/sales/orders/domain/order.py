"""A sales order between its customer and inventory: a state machine.

    placed ──► reserved ──► paying ──► paid ──► shipped
      │  │        │  │        │         │
      │  │        │  └► expired ◄┘      │
      │  └► refused │  (or refused)     │
      └─────────────┴──► cancelling ◄───┘──► cancelled

Three states wait for an answer of inventory: placed, paying and cancelling. What they ask for is
`next_step`; whoever brings the answer, and however often, it counts once. Inventory decides who
was first when a payment meets an expiry, so an order that is being paid waits for its word.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sales.channels.domain import Channel
from sales.orders.domain.refusals import (
    OrderNotCancellable,
    OrderNotPayable,
    OrderNotShippable,
    OrderPartlyShipped,
    ReservationExpired,
    WrongAmount,
)
from sales.orders.domain.states import CANCELLABLE, UNPAID, OrderStatus, Step

FIRST_WAIT_SECONDS = 2
LONGEST_WAIT_SECONDS = 60
EXPIRED = ReservationExpired.code
GONE = frozenset({"unknown_reservation", "reservation_released"})
RELEASED_BY_OTHERS = "reservation_released"


@dataclass(eq=False, kw_only=True)
class SalesOrder:
    """An order without its lines, which never change."""

    order_id: UUID
    number: str
    customer_id: str
    site_id: str
    warehouse_id: str
    currency: str
    total: Decimal
    placed_at: datetime
    placed_by: str
    ttl_seconds: int
    """How long its goods are to be held; kept, for it must be the same at every attempt."""
    channel: Channel = Channel.SHOP
    status: OrderStatus = field(init=False)
    attempts: int = field(init=False)
    """How often inventory was asked again for the present step."""
    due_at: datetime | None = field(init=False)
    """When to ask inventory again; None when nothing is waited for."""
    reservation_id: UUID | None = None
    expires_at: datetime | None = None
    payment_id: UUID | None = None
    """The command that pays; a repeat of it goes on where it stopped."""
    paid_at: datetime | None = None
    shipment_id: UUID | None = None
    """The last one; while the order is paid and has one, a part of its goods has left."""
    cause: str | None = None
    """Why the order ended without shipping: a stable code, or who cancelled."""

    def __post_init__(self) -> None:
        """Let a new order wait for inventory's word."""
        self._wait(OrderStatus.PLACED, self.placed_at)

    @property
    def next_step(self) -> Step | None:
        """Return what inventory is to be asked, if anything.

        An order cancelled before inventory's word was heard may hold goods all the same. Asking
        again under the same key tells which, and then they can be released.
        """
        match self.status:
            case OrderStatus.PLACED:
                return Step.RESERVE
            case OrderStatus.PAYING:
                return Step.CONFIRM
            case OrderStatus.CANCELLING:
                return Step.RESERVE if self.reservation_id is None else Step.RELEASE
            case _:
                return None

    def pay(self, payment_id: UUID, amount: Decimal, at: datetime) -> None:
        """Begin a payment, unless it is this very one that has begun before."""
        if self.payment_id == payment_id:
            return
        if self.status is OrderStatus.EXPIRED:
            raise self.expiry
        if self.status is not OrderStatus.RESERVED:
            raise OrderNotPayable(**self._where)
        if amount != self.total:
            raise WrongAmount(number=self.number, total=f"{self.total:f}", amount=f"{amount:f}")
        self.payment_id = payment_id
        self._wait(OrderStatus.PAYING, at)

    def cancel(self, by: str, at: datetime) -> None:
        """Begin to cancel; what is cancelled already, or about to be, stays so."""
        if self.status in (OrderStatus.CANCELLING, OrderStatus.CANCELLED):
            return
        if self.status not in CANCELLABLE:
            raise OrderNotCancellable(**self._where)
        if self.shipment_id is not None:
            raise OrderPartlyShipped(**self._where)
        self.cause = by
        self._wait(OrderStatus.CANCELLING, at)

    def ship(self, shipment_id: UUID, *, last: bool = True) -> UUID:
        """The goods leave, or a part of them; return the reservation that held them."""
        reservation_id, self.shipment_id = self.must_be_shippable(), shipment_id
        if last:
            self.status = OrderStatus.SHIPPED
        return reservation_id

    def must_be_shippable(self) -> UUID:
        """Return the reservation that holds the goods, which are paid for, or raise."""
        if self.status is not OrderStatus.PAID or self.reservation_id is None:
            raise OrderNotShippable(**self._where)
        return self.reservation_id

    def grant(self, step: Step, reservation_id: UUID, expires_at: datetime, at: datetime) -> None:
        """Inventory did what the step asks for; said late or again, it changes nothing."""
        if step is not self.next_step:
            return
        match step, self.status:
            case Step.RESERVE, OrderStatus.PLACED:
                self._rest(OrderStatus.RESERVED)
            case Step.CONFIRM, _:
                self.paid_at = at
                self._rest(OrderStatus.PAID)
            case Step.RELEASE, _:
                self._rest(OrderStatus.CANCELLED)
        self.reservation_id, self.expires_at = reservation_id, expires_at

    def deny(self, step: Step, code: str) -> None:
        """Inventory refused the step; said late or again, it changes nothing."""
        if step is not self.next_step:
            return
        match step, self.status:
            case Step.RESERVE, OrderStatus.PLACED:
                self._end(OrderStatus.REFUSED, code)
            case Step.CONFIRM, _:
                self._end(OrderStatus.EXPIRED if code == EXPIRED else OrderStatus.REFUSED, code)
            case Step.RESERVE, OrderStatus.CANCELLING:
                self._rest(OrderStatus.CANCELLED)
            case Step.RELEASE, _ if code in GONE:
                self._rest(OrderStatus.CANCELLED)

    def expire(self, reservation_id: UUID, at: datetime) -> None:
        """Inventory let go because nobody paid in time.

        Its word may come before the answer that the goods are held: that answer is then late.
        """
        if self.status in UNPAID:
            self.reservation_id, self.expires_at = reservation_id, self.expires_at or at
            self._end(OrderStatus.EXPIRED, EXPIRED)

    def lose(self, reservation_id: UUID) -> None:
        """Inventory let go because somebody asked it to: this order, or a person past it."""
        if self.status is OrderStatus.CANCELLING:
            self.reservation_id = reservation_id
            self._rest(OrderStatus.CANCELLED)
        elif self.status in CANCELLABLE:
            self.reservation_id = reservation_id
            partly = self.shipment_id is not None
            self._end(OrderStatus.SHIPPED if partly else OrderStatus.CANCELLED, RELEASED_BY_OTHERS)

    def try_again(self, at: datetime) -> None:
        """Count an attempt, and wait twice as long for the next one."""
        self.attempts += 1
        wait = min(FIRST_WAIT_SECONDS * 2 ** min(self.attempts, 10), LONGEST_WAIT_SECONDS)
        self.due_at = at + timedelta(seconds=wait)

    @property
    def _where(self) -> dict[str, object]:
        return {"number": self.number, "order_id": self.order_id, "status": self.status.value}

    @property
    def expiry(self) -> ReservationExpired:
        """Say that the order expired."""
        return ReservationExpired(
            number=self.number, order_id=self.order_id, expires_at=self.expires_at
        )

    def _wait(self, status: OrderStatus, at: datetime) -> None:
        self.status, self.attempts = status, 0
        self.due_at = at + timedelta(seconds=FIRST_WAIT_SECONDS)

    def _rest(self, status: OrderStatus) -> None:
        self.status, self.attempts, self.due_at = status, 0, None

    def _end(self, status: OrderStatus, cause: str) -> None:
        self._rest(status)
        self.cause = cause
