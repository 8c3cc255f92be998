"""A sales order between its customer and inventory: a state machine.

    placed ──► reserved ──► paying ──► paid ──► shipped
      │  │        │  │        │         │
      │  │        │  └► expired ◄┘      │
      │  └► refused │  (or refused)     │
      └─────────────┴──► cancelling ◄───┘──► cancelled

    placed ──► backordered ──► reserved, refused, expired or cancelled, as from placed

            reserved, paid ──► changing ──► as before, or refused, expired or cancelled

An order that may wait for goods is backordered where they are not there, and asks again when some
come; what is there at once is split off from what waits (splitting.py).

Four states wait for an answer of inventory: placed, changing, paying and cancelling. What they
ask for is `next_step`; whoever brings the answer, and however often, it counts once. Inventory
decides who was first when a payment or a change meets an expiry, so an order waits for its word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sales.channels.domain import Channel
from sales.orders.domain.change_refusals import (
    OrderBeingAsked,
    OrderBeingChanged,
    OrderNotChangeable,
    OrderVersionConflict,
    RestNotExchanged,
)
from sales.orders.domain.kept import Kept
from sales.orders.domain.lines import OrderLine, total_of
from sales.orders.domain.refusals import (
    NothingHasLeft,
    OrderNotCancellable,
    OrderNotPayable,
    OrderNotShippable,
    OrderPartlyShipped,
    ReservationReleased,
    WrongAmount,
)
from sales.orders.domain.states import CANCELLABLE, CHANGEABLE, RELEASED_BY_OTHERS, OrderStatus


@dataclass(eq=False, kw_only=True)
class SalesOrder(Kept):
    """An order without its lines. A line never changes: others may take the place of all."""

    customer_id: str
    site_id: str
    warehouse_id: str
    currency: str
    total: Decimal
    placed_by: str
    ttl_seconds: int
    """How long its goods are to be held; kept, for it must be the same at every attempt."""
    channel: Channel = Channel.SHOP
    promised_at: datetime | None = None
    """When the customer was promised the goods; the first promised are the first to get some."""
    from_order_id: UUID | None = None
    """The order of which this one is the rest that was not there."""
    back_order_id: UUID | None = None
    """The order that waits for what of this one was not there."""
    amended_total: Decimal | None = None
    """What it comes to since other lines took the place of those it was placed with."""
    lines_from: int = 1
    """The first of its lines that count; those before are what was asked for earlier."""

    @property
    def due(self) -> Decimal:
        """Return what the lines that count come to."""
        return self.total if self.amended_total is None else self.amended_total

    def amend(self, lines: Sequence[OrderLine]) -> None:
        """Let these lines, which are new, take the place of those before."""
        self.lines_from, self.amended_total = lines[0].line_no, total_of(lines)

    def change(self, lines_from: int, at: datetime) -> None:
        """Begin to change what it is for; where nothing is held, nobody has to be asked.

        `lines_from` says which lines the change is meant for: each change numbers its lines on.
        """
        self._must_not_have_lost_its_goods()
        self._must_not_be_changing()
        if self.status is OrderStatus.PLACED or self._is_tried:
            raise OrderBeingAsked(**self._where)
        if self.status not in CHANGEABLE:
            raise OrderNotChangeable(**self._where)
        self._must_be_all_there()
        if lines_from != self.lines_from:
            raise OrderVersionConflict(**self._where, lines_from=self.lines_from)
        self.round += 1
        if self.status is not OrderStatus.BACKORDERED:
            self._wait(OrderStatus.CHANGING, at)

    def swap(self, at: datetime) -> None:
        """Begin to have other batches or units held for the same lines, which are to leave."""
        self.must_be_shippable()
        self._must_be_all_there()
        self.round += 1
        self._wait(OrderStatus.CHANGING, at)

    def pay(self, payment_id: UUID, amount: Decimal, at: datetime) -> None:
        """Begin a payment, unless it is this very one that has begun before."""
        if self.payment_id == payment_id:
            return
        self._must_be_payable()
        if amount != self.due:
            raise WrongAmount(number=self.number, total=f"{self.due:f}", amount=f"{amount:f}")
        self.payment_id = payment_id
        self._wait(OrderStatus.PAYING, at)

    def take_on_credit(self, command_id: UUID, at: datetime) -> bool:
        """Begin to keep the goods without a payment; return whether it is for the first time."""
        if self.payment_id == command_id:
            return False
        self._must_be_payable()
        self.payment_id, self.on_credit = command_id, True
        self._wait(OrderStatus.PAYING, at)
        return True

    def cancel(self, by: str, at: datetime) -> None:
        """Begin to cancel; what is cancelled already, or about to be, stays so."""
        if self.status in (OrderStatus.CANCELLING, OrderStatus.CANCELLED):
            return
        self._must_not_be_changing()
        if self.status not in CANCELLABLE:
            raise OrderNotCancellable(**self._where)
        if self.shipment_id is not None:
            raise OrderPartlyShipped(**self._where)
        self.cause, self.wake_at = by, None
        if self.status is OrderStatus.BACKORDERED and self.next_step is None:
            self._rest(OrderStatus.CANCELLED)
        else:
            self._wait(OrderStatus.CANCELLING, at)

    def cancel_rest(self, by: str, at: datetime) -> bool:
        """Begin to call off what has not left; tell whether that was not done before."""
        if self.shipment_id is not None and self.cause is not None:
            return False
        self.must_be_shippable()
        if self.shipment_id is None:
            raise NothingHasLeft(**self._where)
        self.cause = by
        self._wait(OrderStatus.CANCELLING, at)
        return True

    def ship(self, shipment_id: UUID, *, last: bool = True) -> UUID:
        """The goods leave, or a part of them; return the reservation that held them."""
        reservation_id, self.shipment_id = self.must_be_shippable(), shipment_id
        if last:
            self.status = OrderStatus.SHIPPED
        return reservation_id

    def must_be_shippable(self) -> UUID:
        """Return the reservation that holds the goods, which are paid for, or raise."""
        self._must_not_be_released()
        self._must_not_be_changing()
        if self.status is not OrderStatus.PAID or self.reservation_id is None:
            raise OrderNotShippable(**self._where)
        return self.reservation_id

    def _must_be_payable(self) -> None:
        self._must_not_have_lost_its_goods()
        self._must_not_be_changing()
        if self.status is not OrderStatus.RESERVED:
            raise OrderNotPayable(**self._where)

    def _must_not_have_lost_its_goods(self) -> None:
        if self.status is OrderStatus.EXPIRED:
            raise self.expiry
        self._must_not_be_released()

    def _must_not_be_released(self) -> None:
        """Raise if inventory let go of the goods for somebody else."""
        if self.cause == RELEASED_BY_OTHERS:
            raise ReservationReleased(**self._where, reservation_id=self.reservation_id)

    def _must_not_be_changing(self) -> None:
        if self.status is OrderStatus.CHANGING:
            raise OrderBeingChanged(**self._where)

    def _must_be_all_there(self) -> None:
        """Raise if a part has left: it names, on its way, the lines that are held."""
        if self.shipment_id is not None:
            raise RestNotExchanged(**self._where)
