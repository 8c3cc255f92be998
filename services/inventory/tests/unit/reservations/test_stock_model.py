"""Receipts, reservations and their ends in any order, against a model of plain dictionaries."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from inventory.reservations.domain.refusals import (
    NotConfirmed,
    ReservationExpired,
    ReservationGone,
    ReservationShipped,
)
from inventory.reservations.domain.reservation import Reason, Reservation, ReservedLine
from inventory.reservations.domain.shortage import promise
from inventory.stock.domain import Balance, Books, Document, Head, Movement, Place
from servicekit.errors import Refusal

START = datetime(2026, 1, 1, tzinfo=UTC)
ITEMS, WAREHOUSES = ("tea", "rice"), ("main", "back")
PLACES = [Place("north", item, warehouse) for item in ITEMS for warehouse in WAREHOUSES]

arrivals = st.decimals(min_value=5, max_value=50, places=2)
wishes = st.lists(
    st.tuples(st.sampled_from(ITEMS), st.decimals(min_value="0.01", max_value=9, places=2)),
    min_size=1,
    max_size=3,
)
warehouses = st.sampled_from(WAREHOUSES)


class StockMachine(RuleBasedStateMachine):
    """The domain beside dictionaries of what was received, what is held, and what was shipped."""

    reservations = Bundle("reservations")

    def __init__(self) -> None:
        super().__init__()
        self.books = Books({p.stream: Head() for p in PLACES}, {p: Balance() for p in PLACES})
        self.ledger: dict[tuple[str, str], list[tuple[int, str, Decimal]]] = {}
        self.on_hand = dict.fromkeys(PLACES, Decimal(0))
        self.held: dict[UUID, dict[Place, Decimal]] = {}
        self.ends: dict[UUID, str] = {}
        self.clock = START

    def _book(self, make: Callable[..., Movement], place: Place, quantity: Decimal) -> None:
        document = Document(uuid4(), "D", self.clock, self.clock)
        entry = self.books.book(make(place, quantity, document, 1))
        written = self.ledger.setdefault(place.stream, [])
        written.append((entry.sequence, place.warehouse_id, entry.movement.change))
        self.on_hand[place] += entry.movement.change

    def _held_at(self, place: Place) -> Decimal:
        return sum((held.get(place, Decimal(0)) for held in self.held.values()), Decimal(0))

    @rule(place=st.sampled_from(PLACES), quantity=arrivals)
    def receive(self, place: Place, quantity: Decimal) -> None:
        """Goods arrive."""
        self._book(Movement.receipt, place, quantity)

    @rule(target=reservations, wish=wishes, warehouse=warehouses, ttl=st.integers(1, 2))
    def reserve(self, wish: list[tuple[str, Decimal]], warehouse: str, ttl: int) -> Any:
        """An order takes all it wants, or nothing."""
        until = self.clock + timedelta(seconds=ttl)
        made = Reservation(uuid4(), uuid4(), "north", warehouse, self.clock, until)
        made.lines = [ReservedLine(no, item, q, q) for no, (item, q) in enumerate(wish, 1)]
        wanted: dict[Place, Decimal] = {}
        for item, quantity in wish:
            place = Place("north", item, warehouse)
            wanted[place] = wanted.get(place, Decimal(0)) + quantity
        fits = all(q <= self.on_hand[p] - self._held_at(p) for p, q in wanted.items())
        assert promise(made, self.books.balances) == fits
        if not fits:
            return multiple()
        self.held[made.reservation_id] = wanted
        return made

    @rule(seconds=st.integers(1, 2))
    def wait(self, seconds: int) -> None:
        """Time goes by."""
        self.clock += timedelta(seconds=seconds)

    @rule(made=reservations)
    def confirm(self, made: Reservation) -> None:
        """The order is paid, unless it is too late."""
        end = self.ends.get(made.reservation_id)
        late = self.clock >= made.expires_at
        try:
            changed = made.confirm(self.clock)
        except (ReservationExpired, ReservationGone):
            assert end in {*Reason} or (end is None and late)
        else:
            assert changed == (end is None)
            assert not (changed and late)
            self.ends.setdefault(made.reservation_id, "confirmed")

    @rule(made=reservations, reason=st.sampled_from(Reason))
    def release(self, made: Reservation, reason: Reason) -> None:
        """The order is cancelled, or the sweep finds it unpaid too long."""
        end = self.ends.get(made.reservation_id)
        if reason is Reason.EXPIRED and (end is not None or self.clock < made.expires_at):
            return
        if end == "shipped":
            with pytest.raises(ReservationShipped):
                made.release(reason)
            return
        freed = made.release(reason)
        expected = self.held.pop(made.reservation_id, {})
        assert freed == {(place.item_id, ""): quantity for place, quantity in expected.items()}
        for place, quantity in expected.items():
            self.books.balances[place].free(quantity)
        if end in {None, "confirmed"}:
            self.ends[made.reservation_id] = reason.value

    @rule(made=consumes(reservations))
    def ship(self, made: Reservation) -> None:
        """A paid order leaves."""
        shipped = [(line.goods, line.quantity) for line in made.lines]
        if self.ends.get(made.reservation_id) != "confirmed":
            with pytest.raises(NotConfirmed):
                made.fulfil(uuid4(), made.warehouse_id, shipped)
            return
        made.fulfil(uuid4(), made.warehouse_id, shipped)
        del self.held[made.reservation_id]
        for (item, _), quantity in shipped:
            self._book(Movement.shipment, Place("north", item, made.warehouse_id), quantity)
        self.ends[made.reservation_id] = "shipped"

    @rule(place=st.sampled_from(PLACES))
    def promise_too_much(self, place: Place) -> None:
        """A promise beyond what is available is refused and leaves no trace."""
        balance = self.books.balances[place]
        before = (balance.on_hand, balance.allocated)
        with pytest.raises(Refusal):
            balance.allocate(balance.available + Decimal("0.01"))
        assert (balance.on_hand, balance.allocated) == before

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        """On hand, promised and available, place by place; nothing is ever below zero."""
        for place, balance in self.books.balances.items():
            assert balance.on_hand == self.on_hand[place]
            assert balance.allocated == self._held_at(place)
            assert balance.available == self.on_hand[place] - self._held_at(place) >= 0

    @invariant()
    def the_ledger_explains_the_balances_without_a_gap(self) -> None:
        """Numbers run from one, and the sums are what is on hand."""
        for stream, written in self.ledger.items():
            assert [number for number, *_ in written] == list(range(1, len(written) + 1))
            assert self.books.streams[stream].sequence == len(written)
        for place in PLACES:
            entries = self.ledger.get(place.stream, [])
            total = sum((q for _, w, q in entries if w == place.warehouse_id), Decimal(0))
            assert total == self.on_hand[place]


TestStock = StockMachine.TestCase
TestStock.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
