"""The books: gapless streams of entries, and the balances they explain."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from inventory.catalog.domain import plain
from servicekit.errors import Refusal

ZERO = Decimal(0)


class BalanceExceeded(Refusal):
    """More was to be taken than the books have: they and the document contradict each other."""

    code = "balance_exceeded"
    en = "{quantity} was to be taken from {figure}, which is {present}. Compare the books."
    zh = "需从 {figure} 中扣减 {quantity}，而其现值为 {present}。请核对账目。"


class Kind(StrEnum):
    """Why stock moved."""

    RECEIPT = "receipt"
    SHIPMENT = "shipment"


Stream = tuple[str, str]
"""Site and item: what entries are numbered by."""


@dataclass(frozen=True, order=True)
class Place:
    """Where an item lies; sorting places gives the order in which they are locked."""

    site_id: str
    item_id: str
    warehouse_id: str

    @property
    def stream(self) -> Stream:
        """Return the stream that movements here belong to."""
        return self.site_id, self.item_id


@dataclass(frozen=True)
class Document:
    """The posted document behind a movement."""

    document_id: UUID
    number: str
    effective_at: datetime
    posted_at: datetime


@dataclass(frozen=True)
class Movement:
    """A line of a posted document that moves stock; the quantity is positive."""

    kind: Kind
    place: Place
    quantity: Decimal
    document: Document
    line_no: int

    @property
    def change(self) -> Decimal:
        """Return what the movement adds to the stock on hand."""
        return self.quantity if self.kind is Kind.RECEIPT else -self.quantity


@dataclass(frozen=True)
class Entry:
    """A movement with its number in the ledger."""

    sequence: int
    movement: Movement


@dataclass
class Balance:
    """What is of an item at a place. No figure ever falls below zero."""

    on_hand: Decimal = ZERO
    allocated: Decimal = ZERO
    in_inspection: Decimal = ZERO
    frozen: Decimal = ZERO

    @property
    def available(self) -> Decimal:
        """Return what can still be promised."""
        return self.on_hand - self.allocated - self.in_inspection - self.frozen

    def receive(self, quantity: Decimal) -> None:
        """Goods came in and can be promised at once."""
        self.on_hand += quantity

    def allocate(self, quantity: Decimal) -> None:
        """Promise goods; only what is available can be."""
        _must_cover("available", self.available, quantity)
        self.allocated += quantity

    def free(self, quantity: Decimal) -> None:
        """Take a promise back; only what was promised can be."""
        _must_cover("allocated", self.allocated, quantity)
        self.allocated -= quantity

    def ship(self, quantity: Decimal) -> None:
        """Promised goods leave, and the promise with them."""
        self.free(quantity)
        _must_cover("on_hand", self.on_hand, quantity)
        self.on_hand -= quantity


@dataclass
class Books:
    """The part of the books that one posting works on."""

    streams: dict[Stream, int] = field(default_factory=dict)
    """The last number given in each stream."""
    balances: dict[Place, Balance] = field(default_factory=dict)

    def book(self, movement: Movement) -> Entry:
        """Change the balance and return the entry that explains it, next in its stream."""
        balance = self.balances[movement.place]
        match movement.kind:
            case Kind.RECEIPT:
                balance.receive(movement.quantity)
            case Kind.SHIPMENT:
                balance.ship(movement.quantity)
        stream = movement.place.stream
        self.streams[stream] += 1
        return Entry(self.streams[stream], movement)


def _must_cover(figure: str, present: Decimal, quantity: Decimal) -> None:
    if quantity > present:
        raise BalanceExceeded(figure=figure, present=plain(present), quantity=plain(quantity))
