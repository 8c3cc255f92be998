"""What an order waits for of inventory, and what it learns from inventory's word.

Whoever brings the word, and however often, it counts once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sales.orders.domain import states
from sales.orders.domain.refusals import ReservationExpired
from sales.orders.domain.states import OrderStatus, Shortage, Step
from sales.orders.domain.waiting import Waiting

EXPIRED = ReservationExpired.code
RETRY_SECONDS = 60


@dataclass(eq=False, kw_only=True)
class Holding(Waiting):
    """Goods that inventory holds, is asked to hold, or held, for one order."""

    reservation_id: UUID | None = None
    expires_at: datetime | None = None
    paid_at: datetime | None = None
    shipment_id: UUID | None = None
    """The last one; while the order is paid and has one, a part of its goods has left."""
    shortage: Shortage = Shortage.REFUSE
    round: int = 0
    """How often goods were not there, or others were wanted: each time is a new question."""

    @property
    def next_step(self) -> Step | None:
        """Return what inventory is to be asked, if anything.

        An order cancelled before inventory's word was heard may hold goods all the same. Asking
        again under the same key tells which, and then they can be released.
        """
        if self.status is OrderStatus.CANCELLING:
            return self._way_out
        return Step.RESERVE if self._is_tried else states.ASKS.get(self.status)

    def grant(self, step: Step, reservation_id: UUID, expires_at: datetime, at: datetime) -> None:
        """Inventory did what the step asks for; said late or again, it changes nothing."""
        if step is not self.next_step:
            return
        match step, self.status:
            case Step.RESERVE, OrderStatus.PLACED | OrderStatus.BACKORDERED:
                self._rest(OrderStatus.RESERVED)
                self.wake_at = None
            case Step.EXCHANGE, _:
                self._rest(self._before_change)
            case Step.CONFIRM, _:
                self._keep_for_good(at)
                self._rest(OrderStatus.PAID)
            case Step.RELEASE, _:
                self._rest(OrderStatus.CANCELLED)
            case Step.RELEASE_REST, _:
                self._rest(OrderStatus.SHIPPED)
        self.reservation_id, self.expires_at = reservation_id, expires_at

    def deny(self, step: Step, code: str, *, to_name: bool = False) -> None:
        """Inventory refused the step; said late or again, it changes nothing.

        `to_name`: nothing is short, but a batch is to be named. Who places an order is told so.
        """
        if step is not self.next_step:
            return
        match step, self.status:
            case Step.RESERVE, OrderStatus.PLACED | OrderStatus.BACKORDERED:
                named_now = to_name and self.status is OrderStatus.PLACED
                if self.shortage is not Shortage.REFUSE and code in states.SHORT and not named_now:
                    self.await_goods()
                else:
                    self._end(OrderStatus.REFUSED, code)
            case Step.CONFIRM | Step.EXCHANGE, _:
                self._end_or_stay(step, code)
            case Step.RESERVE, OrderStatus.CANCELLING:
                self._rest(OrderStatus.CANCELLED)
            case Step.RELEASE, _ if code in states.GONE:
                self._rest(OrderStatus.CANCELLED)
            case Step.RELEASE_REST, _ if code in states.GONE:
                self._rest(OrderStatus.SHIPPED)

    def _end_or_stay(self, step: Step, code: str) -> None:
        if step is Step.EXCHANGE and self.is_kept and code in states.GONE:
            self._end(OrderStatus.CANCELLED, states.RELEASED_BY_OTHERS)
        elif code == EXPIRED:
            self._end(OrderStatus.EXPIRED, code)
        elif step is Step.EXCHANGE and code not in states.GONE:
            self._rest(self._before_change)
        else:
            self._end(OrderStatus.REFUSED, code)

    def expire(self, reservation_id: UUID, at: datetime) -> None:
        """Inventory let go because nobody paid in time.

        Its word may come before the answer that the goods are held: that answer is then late. What
        is kept for good does not expire, not even while it is changing.
        """
        if not self.is_kept and (self.status in states.UNPAID or self._is_tried):
            self.reservation_id, self.expires_at = reservation_id, self.expires_at or at
            self._end(OrderStatus.EXPIRED, EXPIRED)

    def lose(self, reservation_id: UUID) -> None:
        """Inventory let go when asked to, or for a recall; what is being paid is lost too."""
        ended = OrderStatus.CANCELLED if self.shipment_id is None else OrderStatus.SHIPPED
        if self.status is OrderStatus.CANCELLING:
            self._rest(ended)
        elif self.status in states.MAY_HOLD:
            self._end(ended, states.RELEASED_BY_OTHERS)
        else:
            return
        self.reservation_id = reservation_id

    @property
    def _way_out(self) -> Step:
        """Return how an order that is being cancelled comes to hold nothing any more."""
        if self.reservation_id is None:
            return Step.RESERVE
        return Step.RELEASE if self.shipment_id is None else Step.RELEASE_REST

    @property
    def takes_part(self) -> bool:
        """Tell whether inventory is asked for as much as there is, rather than for all of it.

        A back order is filled as a whole, unless its customer wants parts.
        """
        return self.shortage is Shortage.BACKORDER_IN_PARTS or (
            self.shortage is Shortage.BACKORDER and self.round == 0
        )

    def await_goods(self) -> None:
        """Wait without a reservation; what is asked for next is another question."""
        self._rest(OrderStatus.BACKORDERED)
        self.round += 1

    def sleep(self, at: datetime) -> None:
        """Be tried again in a while, unless something has come in since the last try."""
        if self.wake_at is None:
            self.wake_at = at + timedelta(seconds=RETRY_SECONDS)

    def put_off(self, at: datetime) -> None:
        """Be looked at again in a while; nothing is asked for meanwhile."""
        self.wake_at = at + timedelta(seconds=RETRY_SECONDS)

    def wake(self, at: datetime) -> None:
        """Goods that a back order waits for have come, or are free again."""
        if self.status is OrderStatus.BACKORDERED:
            self.wake_at = at

    def fill(self, at: datetime) -> None:
        """Try whether the goods of a back order are there."""
        self._wait(OrderStatus.BACKORDERED, at)
        self.wake_at = None

    @property
    def sleeps(self) -> bool:
        """Tell whether it waits for goods, and nobody is asking for them."""
        return self.status is OrderStatus.BACKORDERED and self.due_at is None

    @property
    def _is_tried(self) -> bool:
        return self.status is OrderStatus.BACKORDERED and self.due_at is not None

    @property
    def is_kept(self) -> bool:
        """Tell whether its goods are, or are being, kept for good."""
        return self.paid_at is not None

    @property
    def _before_change(self) -> OrderStatus:
        return OrderStatus.PAID if self.is_kept else OrderStatus.RESERVED

    def _keep_for_good(self, at: datetime) -> None:
        self.paid_at = at

    @property
    def expiry(self) -> ReservationExpired:
        """Say that the order expired."""
        return ReservationExpired(
            number=self.number, order_id=self.order_id, expires_at=self.expires_at
        )
