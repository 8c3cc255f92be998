"""Order and inventory in any order of words, late, lost and repeated: they end up agreeing (B2)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import OrderStatus, Step
from servicekit.errors import Refusal

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ANSWERED = {
    OrderStatus.RESERVED: {"held"},
    OrderStatus.PAID: {"confirmed"},
    OrderStatus.REFUSED: {None},
    OrderStatus.EXPIRED: {"expired"},
    OrderStatus.CANCELLED: {None, "cancelled", "expired"},
    OrderStatus.SHIPPED: {"confirmed"},
}


class OrderAndInventory(RuleBasedStateMachine):
    """Inventory decides at once and once for each key; its words travel for as long as they like.

    `holds` is inventory's own state of the reservation, None as long as there is none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.order = SalesOrder(
            order_id=uuid4(),
            number="SO-1",
            customer_id="wang",
            site_id="a",
            warehouse_id="main",
            currency="CNY",
            total=Decimal(1),
            placed_at=AT,
            placed_by="anna",
            ttl_seconds=7200,
        )
        self.reservation_id = uuid4()
        self.holds: str | None = None
        self.said: dict[tuple[Step, int], str] = {}
        self.answers: list[tuple[Step, int, str, UUID]] = []
        self.expiries = 0

    @precondition(lambda self: self.order.next_step is not None)
    @rule(in_stock=st.booleans())
    def ask(self, in_stock: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
        """Somebody drives the order on: inventory does its part, the answer is under way."""
        step = self.order.next_step
        assert step is not None
        # Only what is held is asked for anew: each change is a question of its own.
        key = step, self.order.round if step is Step.EXCHANGE else 0
        if key not in self.said:
            self.said[key] = self._decide(step, in_stock=in_stock)
        self.answers.append((step, self.order.round, self.said[key], self.reservation_id))

    def _decide(self, step: Step, *, in_stock: bool) -> str:
        if step is Step.RESERVE:
            self.holds = "held" if in_stock else None
            return "" if in_stock else "insufficient_stock"
        if step is Step.EXCHANGE and self.holds in ("held", "confirmed"):
            # What is held for good stays so, under its new name.
            if in_stock:
                self.reservation_id = uuid4()
            return "" if in_stock else "insufficient_stock"
        if step in (Step.CONFIRM, Step.EXCHANGE):
            if self.holds != "held":
                return "reservation_expired"
            self.holds = "confirmed"
        elif self.holds in ("held", "confirmed"):
            self.holds = "cancelled"
        return ""

    @precondition(lambda self: self.answers)
    @rule(data=st.data(), stays=st.booleans())
    def hear(self, data: st.DataObject, stays: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
        """An answer arrives, in any order; somebody else may be told the same later."""
        index = data.draw(st.integers(0, len(self.answers) - 1))
        self._record(*(self.answers[index] if stays else self.answers.pop(index)))

    def _record(self, step: Step, asked_round: int, code: str, reservation_id: UUID) -> None:
        """What was answered to an earlier question changes nothing."""
        if self.order.round != asked_round:
            return
        if code:
            self.order.deny(step, code)
        else:
            self.order.grant(step, reservation_id, AT + timedelta(hours=2), AT)

    @precondition(lambda self: self.holds == "held")
    @rule()
    def run_out(self) -> None:
        """The time to pay is over at inventory, which says so on the bus."""
        self.holds = "expired"
        self.expiries += 1

    @precondition(lambda self: self.expiries)
    @rule()
    def hear_of_expiry(self) -> None:
        """The bus tells, however late, and perhaps again."""
        self.order.expire(self.reservation_id, AT)

    @rule()
    def pay(self) -> None:
        """The customer pays, if the order lets it."""
        self._unless_refused(lambda: self.order.pay(uuid4(), Decimal(1), AT))

    @rule()
    def change(self) -> None:
        """The customer wants something else, if the order lets them."""
        self._unless_refused(lambda: self.order.change(self.order.lines_from, AT))

    @rule()
    def swap(self) -> None:
        """Somebody has other units in hand than are held, if the order lets them."""
        self._unless_refused(lambda: self.order.swap(AT))

    @rule()
    def take_on_credit(self) -> None:
        """The customer is to pay later, if the order lets them."""
        self._unless_refused(lambda: self.order.take_on_credit(uuid4(), AT))

    @rule()
    def settle(self) -> None:
        """What was on credit is paid."""
        before = self.order.paid_at
        if self.order.settle(AT):
            assert self.order.on_credit
            assert before is None

    @rule()
    def cancel(self) -> None:
        """The customer changes their mind, if the order lets them."""
        self._unless_refused(lambda: self.order.cancel("anna", AT))

    @rule()
    def ship(self) -> None:
        """The shop ships, if the order lets it."""
        self._unless_refused(lambda: self.order.ship(uuid4()))

    @rule()
    def ship_a_part(self) -> None:
        """The shop ships some of it; from then on nothing of it is exchanged."""
        self._unless_refused(lambda: self.order.ship(uuid4(), last=False))

    @rule()
    def close(self) -> None:
        """All of it was signed for."""
        if self.order.close(AT):
            assert self.order.status is OrderStatus.SHIPPED

    def _unless_refused(self, act: object) -> None:
        assert callable(act)
        before = dict(vars(self.order))
        try:
            act()
        except Refusal:
            assert vars(self.order) == before

    @invariant()
    def what_waits_is_due_and_what_rests_is_not(self) -> None:
        """The sweep finds exactly the orders that need it."""
        assert (self.order.due_at is None) == (self.order.next_step is None)

    @invariant()
    def only_what_has_left_and_is_paid_closes(self) -> None:
        """Neither goods on credit nor goods on the shelf are done with."""
        if self.order.status is OrderStatus.PAID:
            assert (self.order.paid_at is None) <= self.order.on_credit
        assert self.order.closed_at is None or self.order.paid_at is not None

    @invariant()
    def what_a_shipment_names_is_never_exchanged(self) -> None:
        """It names, on its way, the reservation and the lines that are held."""
        if self.order.shipment_id is not None:
            assert self.order.status in (OrderStatus.PAID, OrderStatus.SHIPPED)
            assert self.order.reservation_id == self.reservation_id

    @invariant()
    def a_resting_order_agrees_with_inventory(self) -> None:
        """A reservation that ran out unheard of is the one thing the order may not know yet."""
        allowed = ANSWERED.get(self.order.status)
        if allowed is None:
            return
        if self.order.status is OrderStatus.RESERVED:
            allowed = {"held", "expired"}
        assert self.holds in allowed, (self.order.status, self.holds)

    def teardown(self) -> None:
        """Once every word is heard, nothing waits and both sides agree."""
        while self.order.next_step is not None:
            self.ask(in_stock=True)
            self._record(*self.answers[-1])
        if self.expiries:
            self.order.expire(self.reservation_id, AT)
        assert self.holds in ANSWERED[self.order.status], (self.order.status, self.holds)
        if self.holds in ("held", "confirmed"):
            assert self.order.reservation_id == self.reservation_id


TestOrderAndInventory = OrderAndInventory.TestCase
