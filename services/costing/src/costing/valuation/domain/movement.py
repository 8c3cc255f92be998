"""Movements as inventory told them, and the value entries they make."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

ZERO = Decimal(0)
Stream = tuple[str, str]
"""Site and item."""
EntryKey = tuple[str, str, int]
"""Site, item and number of an entry."""


class Kind(StrEnum):
    """What a movement was."""

    RECEIPT = "receipt"
    SHIPMENT = "shipment"
    ISSUE = "issue"
    GAIN = "gain"
    DISPATCH = "dispatch"
    ARRIVAL = "arrival"
    STATUS = "status"
    REVERSAL = "reversal"
    RETURN = "return"
    """A customer brought back what a shipment had taken out."""
    REVALUATION = "revaluation"
    """Goods of a receipt cost another sum than they came in at; nothing moves."""
    SUPPLIER_RETURN = "supplier_return"
    """Goods of a receipt went back to who had delivered them."""
    RETURN_REVERSAL = "return_reversal"
    """A customer's return is taken back: its goods are sold as before."""
    SUPPLIER_RETURN_REVERSAL = "supplier_return_reversal"
    """A return to a supplier is taken back: its goods are on hand as before."""


class ShippedLine(NamedTuple):
    """A line of a shipment."""

    shipment_id: UUID
    line_no: int


class Destination(NamedTuple):
    """Where dispatched goods are going."""

    site_id: str
    warehouse_id: str


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry of inventory's ledger; the quantity is positive whatever the direction.

    Only a revaluation has none: nothing moves.
    """

    site_id: str
    item_id: str
    sequence: int
    kind: Kind
    quantity: Decimal
    document_id: UUID
    document_number: str
    line_no: int
    posted_at: datetime
    batch_id: str = ""
    unit_cost: Decimal | None = None
    """Of receipts, and of gains whose cost is known."""
    order_id: UUID | None = None
    """Of shipments, and of what comes back of them."""
    reason: str | None = None
    destination: Destination | None = None
    """Of dispatches."""
    dispatch: EntryKey | None = None
    """Of arrivals: the entry that sent the goods."""
    last: bool = False
    """Of arrivals: nothing that was sent is on its way any more."""
    reverses: int | None = None
    inward: bool = True
    """Of reversals: whether they bring goods in."""
    shipped: ShippedLine | None = None
    """Of returns and their reversals: the line that comes back."""
    reversed_before: Decimal = ZERO
    """Of reversals of returns: how much of the entry was taken back before."""
    return_id: UUID | None = None
    """Of reversals of returns: the document that is taken back."""
    origin: int | None = None
    """The entry of the same stream whose cost it is about: the receipt that brought the goods, or
    of customers' returns the shipment that took them out."""
    difference: Decimal = ZERO
    """Of revaluations: what the receipt's line costs more, or less if negative."""

    @property
    def stream(self) -> Stream:
        """Return the stream it belongs to."""
        return self.site_id, self.item_id

    @property
    def goes_back_to(self) -> set[int]:
        """Return the entries of its stream that it can't be valued without."""
        return {one for one in (self.reverses, self.origin) if one is not None}

    @property
    def came_by(self) -> EntryKey | None:
        """Return the entry that moved the goods first, of movements that are about its cost."""
        return None if self.origin is None else (*self.stream, self.origin)

    @property
    def key(self) -> EntryKey:
        """Return its place among all entries."""
        return self.site_id, self.item_id, self.sequence


@dataclass(slots=True)
class Entry:
    """What a movement did to quantity and value; what goes out is negative.

    `unit_cost` is the receipt's own, or the average an issue was valued at: the value of a small
    issue, rounded to the cent, may be far from it.
    """

    movement: Movement
    quantity: Decimal
    value: Decimal
    unit_cost: Decimal
    quantity_after: Decimal
    value_after: Decimal
    variance: Decimal = ZERO
    """What a reversal should have taken out and could not: it went out with others at average."""
    cost_of_sales: Decimal = ZERO
    """What is added to the cost of goods sold: the part of the goods that are gone."""
    dispatch: EntryKey | None = None
    """The entry that sent the goods, of all entries that change what is in transit."""


class Later(NamedTuple):
    """What became of an entry: how much of it went back, and what it costs more or less.

    Both are sums over the entries that go back to it, so that entry and sum together are what of
    the receipt, or of the shipment, is left.
    """

    quantity: Decimal = ZERO
    value: Decimal = ZERO

    def plus(self, entry: Entry) -> "Later":
        """Return it with one entry more; what it moved of others' value is no part of it."""
        cost = entry.value + entry.cost_of_sales
        return Later(self.quantity + entry.quantity, self.value + cost)


class Past(NamedTuple):
    """What a reversal must know of the entry it takes back."""

    kind: Kind
    quantity: Decimal
    value: Decimal
    unit_cost: Decimal
    dispatch: EntryKey | None
    cost_of_sales: Decimal = ZERO

    @classmethod
    def of(cls, entry: Entry) -> "Past":
        """Return it of an entry made just now."""
        kind = entry.movement.kind
        return cls(
            kind,
            entry.quantity,
            entry.value,
            entry.unit_cost,
            entry.dispatch,
            entry.cost_of_sales,
        )
