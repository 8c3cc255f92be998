"""The part of the books that one batch of movements works on."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, localcontext

from costing.valuation.domain.going_back import (
    coming_back,
    received,
    returned,
    reversible,
)
from costing.valuation.domain.movement import (
    Entry,
    EntryKey,
    Kind,
    Later,
    Movement,
    Past,
    Stream,
)
from costing.valuation.domain.refusals import NotReversible
from costing.valuation.domain.transit import Transit
from costing.valuation.domain.valuation import CENT, UNIT_COST, Valuation
from servicekit.errors import Refusal

EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)
Movements = Mapping[Stream, Mapping[int, Movement]]
"""By stream and number."""


@dataclass
class Books:
    """Values, goods in transit, and the entries that others go back to.

    Each stream goes on for itself, in the order of its ledger, until a movement is missing. An
    arrival waits until its dispatch has a value; that has no cycles, because nothing arrives
    before it was sent.
    """

    valuations: dict[Stream, Valuation] = field(default_factory=dict)
    transits: dict[EntryKey, Transit] = field(default_factory=dict)
    past: dict[EntryKey, Past] = field(default_factory=dict)
    later: dict[EntryKey, Later] = field(default_factory=dict)
    """What became of receipts and shipments, by their entries; none where nothing did."""
    refused: dict[Stream, Refusal] = field(default_factory=dict)
    """Why a stream can't go on, of those whose next movement can't be true."""
    _held: dict[EntryKey, set[Stream]] = field(default_factory=dict)

    def advance(self, movements: Movements) -> list[Entry]:
        """Apply all whose turn it is; return the entries they make, each stream's in order.

        Those applied before are passed over, those after a gap are left for later: so the same
        movements give the same entries in any order and with any repeats.
        """
        entries: list[Entry] = []
        ready = deque(movements)
        with localcontext(EXACT):
            while ready:
                stream = ready.popleft()
                for entry in self._go_on(stream, movements.get(stream, {})):
                    entries.append(entry)
                    if entry.movement.kind is Kind.DISPATCH:
                        ready.extend(sorted(self._held.pop(entry.movement.key, ())))
        return entries

    def _go_on(self, stream: Stream, movements: Mapping[int, Movement]) -> Iterator[Entry]:
        valuation = self.valuations[stream]
        while (movement := movements.get(valuation.sequence + 1)) is not None:
            if movement.dispatch is not None and movement.dispatch not in self.transits:
                self._held.setdefault(movement.dispatch, set()).add(stream)
                return
            try:
                entry = APPLY[movement.kind](self, valuation, movement)
            except Refusal as refusal:
                self.refused[stream] = refusal
                return
            self.past[movement.key] = Past.of(entry)
            if movement.came_by is not None:
                self.later[movement.came_by] = self.later_of(movement).plus(entry)
            yield entry

    def later_of(self, movement: Movement) -> Later:
        """Return what became until now of the receipt or shipment that a movement is about."""
        return Later() if movement.came_by is None else self.later.get(movement.came_by, Later())


def receive(_: Books, valuation: Valuation, movement: Movement) -> Entry:
    """Take goods in at their cost, or at the average where none is known."""
    if movement.unit_cost is None:
        return valuation.find(movement)
    return valuation.receive(movement, movement.unit_cost)


def issue(_: Books, valuation: Valuation, movement: Movement) -> Entry:
    """Let goods out for good."""
    return valuation.issue(movement)


def note(_: Books, valuation: Valuation, movement: Movement) -> Entry:
    """Keep what moved no value."""
    return valuation.note(movement)


def dispatch(books: Books, valuation: Valuation, movement: Movement) -> Entry:
    """Let goods out on their way."""
    if movement.destination is None:
        raise ValueError("a dispatch has a destination")
    entry = valuation.issue(movement)
    entry.dispatch = movement.key
    books.transits[movement.key] = Transit.opened_by(entry, movement.destination)
    return entry


def arrive(books: Books, valuation: Valuation, movement: Movement) -> Entry:
    """Take goods in with their share of what was sent."""
    if movement.dispatch is None:
        raise ValueError("an arrival has a dispatch")
    value = books.transits[movement.dispatch].arrive(movement.quantity, last=movement.last)
    cost = (value / movement.quantity).quantize(UNIT_COST)
    return valuation.take_in(movement, value, cost, movement.dispatch)


def reverse(books: Books, valuation: Valuation, movement: Movement) -> Entry:
    """Take an entry back with the value it had, and its goods off their way or onto it again."""
    past = reversible(books.past, movement)
    on_the_way = None if past.dispatch is None else books.transits[past.dispatch]
    value = abs(past.value)
    if movement.quantity != abs(past.quantity):
        value = (value * movement.quantity / abs(past.quantity)).quantize(CENT)
    if movement.inward:
        if on_the_way is not None:
            value = on_the_way.give_back(movement.quantity)
        return valuation.take_in(movement, value, past.unit_cost, past.dispatch)
    entry = valuation.take_back(movement, value, past.unit_cost, past.dispatch)
    if on_the_way is not None:
        on_the_way.leave_again(movement.quantity, value)
    return entry


def give_back(books: Books, valuation: Valuation, movement: Movement) -> Entry:
    """Take goods back at their share of what their shipment's line cost."""
    value, unit_cost = coming_back(books.past, books.later_of(movement), movement)
    return valuation.take_in(movement, value, unit_cost, None)


def sell_again(books: Books, valuation: Valuation, movement: Movement) -> Entry:
    """Take a customer's return back, or a part of it: its goods are sold for what they cost."""
    past, cost = returned(books.past, movement, Kind.RETURN)
    return valuation.sell_again(movement, cost, past.unit_cost)


def keep(books: Books, valuation: Valuation, movement: Movement) -> Entry:
    """Take a return to a supplier back: stock and cost of sales get what it took of each."""
    past, value = returned(books.past, movement, Kind.SUPPLIER_RETURN)
    return valuation.keep(movement, value, past)


def revalue(books: Books, valuation: Valuation, movement: Movement) -> Entry:
    """Correct what a receipt's goods cost, those on hand and those that are gone.

    What went back to the supplier is neither: it left with the cost that it had then.
    """
    left = received(books.past, books.later_of(movement), movement)
    return valuation.revalue(movement, left.quantity)


def send_back(books: Books, valuation: Valuation, movement: Movement) -> Entry:
    """Let goods of a receipt out at their share of what is left of its cost.

    Each part leaves the rest with what the rest costs, and the last one takes all: so the parts
    are together just the cost, also if it was corrected in between.
    """
    left = received(books.past, books.later_of(movement), movement)
    if movement.quantity > left.quantity:
        raise NotReversible(
            stream=":".join(movement.stream), sequence=movement.sequence, reverses=movement.origin
        )
    cost = (left.value * movement.quantity / left.quantity).quantize(CENT)
    return valuation.send_back(movement, cost, left.quantity - movement.quantity)


APPLY: Mapping[Kind, Callable[[Books, Valuation, Movement], Entry]] = {
    Kind.RECEIPT: receive,
    Kind.SHIPMENT: issue,
    Kind.ISSUE: issue,
    Kind.GAIN: receive,
    Kind.DISPATCH: dispatch,
    Kind.ARRIVAL: arrive,
    Kind.STATUS: note,
    Kind.REVERSAL: reverse,
    Kind.RETURN: give_back,
    Kind.REVALUATION: revalue,
    Kind.SUPPLIER_RETURN: send_back,
    Kind.RETURN_REVERSAL: sell_again,
    Kind.SUPPLIER_RETURN_REVERSAL: keep,
}
