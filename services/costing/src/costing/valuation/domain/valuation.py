"""The moving weighted average of one item at one site, to the cent and with nothing lost.

A receipt adds quantity × unit cost. Value is kept in cents; what is left over below a cent is
carried to the next receipt. An issue takes its share of the value, value × issued / quantity,
rounded to the cent; the last unit takes all that is left, so that no stock means no value.
Rounding goes half to even, as in accounting.
"""

from dataclasses import dataclass
from decimal import Decimal

from costing.valuation.domain.movement import ZERO, Entry, EntryKey, Movement, Past, Stream
from costing.valuation.domain.refusals import MoreIssuedThanThere

CENT = Decimal("0.01")
UNIT_COST = Decimal("0.000001")


@dataclass
class Valuation:
    """Quantity and value of one item at one site after entry `sequence`."""

    site_id: str
    item_id: str
    sequence: int = 0
    quantity: Decimal = ZERO
    value: Decimal = ZERO
    carried: Decimal = ZERO
    """Receipts' value below a cent, not entered yet."""
    last_cost: Decimal = ZERO
    """The average at which the last unit left: what is found afterwards comes in at it."""

    @property
    def stream(self) -> Stream:
        """Return the stream it belongs to."""
        return self.site_id, self.item_id

    @property
    def unit_cost(self) -> Decimal:
        """Return the average cost of a unit to six decimals; zero without stock."""
        return (self.value / self.quantity).quantize(UNIT_COST) if self.quantity else ZERO

    def receive(self, movement: Movement, unit_cost: Decimal) -> Entry:
        """Take goods in at a known cost."""
        exact = movement.quantity * unit_cost + self.carried
        value = exact.quantize(CENT)
        self.carried = exact - value
        return self._enter(movement, movement.quantity, value, unit_cost)

    def find(self, movement: Movement) -> Entry:
        """Take goods in at the present average, or the last one there was."""
        if not self.quantity:
            value = (movement.quantity * self.last_cost).quantize(CENT)
            return self._enter(movement, movement.quantity, value, self.last_cost)
        value = (self.value * movement.quantity / self.quantity).quantize(CENT)
        return self._enter(movement, movement.quantity, value, self.unit_cost)

    def take_in(
        self, movement: Movement, value: Decimal, unit_cost: Decimal, dispatch: EntryKey | None
    ) -> Entry:
        """Take goods in with the value they have already."""
        entry = self._enter(movement, movement.quantity, value, unit_cost)
        entry.dispatch = dispatch
        return entry

    def issue(self, movement: Movement) -> Entry:
        """Let goods out at the present average."""
        self._must_hold(movement)
        average = self.unit_cost
        if movement.quantity == self.quantity:
            value, self.last_cost = self.value, average
        else:
            value = (self.value * movement.quantity / self.quantity).quantize(CENT)
        return self._enter(movement, -movement.quantity, -value, average)

    def take_back(
        self, movement: Movement, value: Decimal, unit_cost: Decimal, dispatch: EntryKey | None
    ) -> Entry:
        """Let goods out with the value they came in with, as far as it is still there.

        Between coming in and going out the average mixed it with others' value. What is missing,
        or is left over when nothing else is there to have it, is the entry's variance.
        """
        self._must_hold(movement)
        if movement.quantity == self.quantity:
            taken, self.last_cost = self.value, self.unit_cost
        else:
            taken = max(min(value, self.value), ZERO)
        entry = self._enter(movement, -movement.quantity, -taken, unit_cost)
        entry.variance = value - taken
        entry.dispatch = dispatch
        return entry

    def sell_again(self, movement: Movement, cost: Decimal, unit_cost: Decimal) -> Entry:
        """Let goods out that were sold before, with the cost they had come back with.

        What is missing of it, or is left over when nothing else is there to have it, went out with
        others at the average meanwhile: the cost of what was sold since is that much wrong.
        """
        entry = self.take_back(movement, cost, unit_cost, None)
        entry.variance, entry.cost_of_sales = ZERO, -entry.variance
        return entry

    def revalue(self, movement: Movement, brought: Decimal) -> Entry:
        """Share what a receipt's goods cost more between those on hand and those that are gone.

        On hand is as much of what the receipt brought as there can still be: all the stock, but no
        more than that. Stock bears no more of a smaller cost than it is worth. What it does not
        bear belongs to the goods that are gone, so that both parts are the whole to the cent.
        Where all that the receipt brought went back, none of it is on hand.
        """
        part = self._bear(movement.difference, brought) if brought else ZERO
        entry = self._enter(movement, ZERO, part, ZERO)
        entry.unit_cost, entry.cost_of_sales = self.unit_cost, movement.difference - part
        return entry

    def send_back(self, movement: Movement, cost: Decimal, left: Decimal) -> Entry:
        """Let goods out at their own cost, of whose receipt `left` is not gone back.

        They leave at the average, as all goods do. What that takes more or less than they cost is
        shared as the correction of a receipt is, between what can be on hand of the rest of it and
        what is gone. Where there is no rest, the goods on hand bear it, or else those sold.
        """
        out = self.issue(movement)
        over = -out.value - cost
        part = self._bear(over, left or self.quantity) if self.quantity else ZERO
        self.value += part
        out.value, out.value_after = out.value + part, self.value
        out.unit_cost = (cost / movement.quantity).quantize(UNIT_COST)
        out.cost_of_sales = over - part
        return out

    def keep(self, movement: Movement, value: Decimal, past: Past) -> Entry:
        """Take goods in again that had left with `past`, and what the cost of sales had got."""
        entry = self.take_in(movement, value, past.unit_cost, None)
        entry.cost_of_sales = -past.cost_of_sales
        return entry

    def _bear(self, amount: Decimal, brought: Decimal) -> Decimal:
        """Return what the stock bears of an amount: its share, and it is worth nothing at least."""
        there = min(self.quantity, brought)
        return max((amount * there / brought).quantize(CENT), -self.value)

    def note(self, movement: Movement) -> Entry:
        """Keep a movement that changes neither quantity nor value."""
        return self._enter(movement, ZERO, ZERO, self.unit_cost)

    def _must_hold(self, movement: Movement) -> None:
        if movement.quantity > self.quantity:
            raise MoreIssuedThanThere(
                stream=":".join(self.stream),
                sequence=movement.sequence,
                issued=str(movement.quantity),
                quantity=str(self.quantity),
            )

    def _enter(
        self, movement: Movement, quantity: Decimal, value: Decimal, unit_cost: Decimal
    ) -> Entry:
        self.sequence = movement.sequence
        self.quantity += quantity
        self.value += value
        return Entry(movement, quantity, value, unit_cost, self.quantity, self.value)
