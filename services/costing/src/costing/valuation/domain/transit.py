"""What left one stream and has not reached the other: quantity and value of one dispatch.

What has arrived and what went back to the sender are counted apart, each by its own stream alone.
So each stream gets its values from what it has itself heard, however far the other one is, and
both together get neither more nor less than what was sent.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from costing.valuation.domain.movement import ZERO, Destination, Entry, EntryKey
from costing.valuation.domain.valuation import CENT


@dataclass
class Transit:
    """A dispatch and what became of it."""

    key: EntryKey
    destination: Destination
    quantity: Decimal
    value: Decimal
    document_id: UUID
    document_number: str
    posted_at: datetime
    arrived_quantity: Decimal = ZERO
    arrived_value: Decimal = ZERO
    returned_quantity: Decimal = ZERO
    returned_value: Decimal = ZERO

    @classmethod
    def opened_by(cls, entry: Entry, destination: Destination) -> "Transit":
        """Return what a dispatch has put on its way."""
        movement = entry.movement
        return cls(
            movement.key,
            destination,
            -entry.quantity,
            -entry.value,
            movement.document_id,
            movement.document_number,
            movement.posted_at,
        )

    def arrive(self, quantity: Decimal, *, last: bool) -> Decimal:
        """Return the value that arrives with so much; the last takes all that is left."""
        arrived = self.arrived_quantity + quantity
        due = self.value if last or arrived >= self.quantity else self._share(arrived)
        value = max(due - self.arrived_value, ZERO)
        self.arrived_quantity, self.arrived_value = arrived, self.arrived_value + value
        return value

    def leave_again(self, quantity: Decimal, value: Decimal) -> None:
        """Take an arrival back: what it brought is on its way again."""
        self.arrived_quantity -= quantity
        self.arrived_value -= value

    def give_back(self, quantity: Decimal) -> Decimal:
        """Return the value that goes back to the sender: all that is no arrival's share."""
        self.returned_quantity += quantity
        value = self.value - self._share(self.quantity - self.returned_quantity)
        value -= self.returned_value
        self.returned_value += value
        return value

    def _share(self, quantity: Decimal) -> Decimal:
        return (self.value * quantity / self.quantity).quantize(CENT)
