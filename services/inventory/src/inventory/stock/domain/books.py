"""The books: gapless streams of entries, chained by hashes, and the balances they explain."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from inventory.catalog.domain import plain
from servicekit.errors import Refusal

ZERO = Decimal(0)
NO_BATCH = ""
"""The batch of goods that are not told apart by batch."""


class BalanceExceeded(Refusal):
    """More was to be taken than the books have: they and the document contradict each other."""

    code = "balance_exceeded"
    en = "{quantity} was to be taken from {figure}, which is {present}. Compare the books."
    zh = "需从 {figure} 中扣减 {quantity}，而其现值为 {present}。请核对账目。"


class Kind(StrEnum):
    """Why stock moved."""

    RECEIPT = "receipt"
    """From a supplier, at a known cost."""
    SHIPMENT = "shipment"
    """To a customer, from what was allocated."""
    ISSUE = "issue"
    """Used, scrapped, lost or found missing: gone at its present cost."""
    GAIN = "gain"
    """Found, or come in without a supplier's receipt."""
    DISPATCH = "dispatch"
    """Left for another warehouse."""
    ARRIVAL = "arrival"
    """Came from another warehouse."""
    STATUS = "status"
    """Inspected, released, frozen: on hand as before."""
    REVERSAL = "reversal"
    """The opposite of an earlier entry."""


class Status(StrEnum):
    """What may be done with goods on hand."""

    AVAILABLE = "available"
    ALLOCATED = "allocated"
    IN_INSPECTION = "in_inspection"
    FROZEN = "frozen"


Stream = tuple[str, str]
"""Site and item: what entries are numbered by."""


@dataclass(frozen=True, order=True)
class Place:
    """Where an item lies; sorting places gives the order in which they are locked."""

    site_id: str
    item_id: str
    warehouse_id: str
    batch_id: str = NO_BATCH

    @property
    def stream(self) -> Stream:
        """Return the stream that movements here belong to."""
        return self.site_id, self.item_id


@dataclass(frozen=True)
class Document:
    """The posted document behind a movement, who posted it and with which device."""

    document_id: UUID
    number: str
    effective_at: datetime
    posted_at: datetime
    user_id: str = ""
    device_id: str | None = None


@dataclass(frozen=True)
class Movement:
    """A line of a posted document that moves stock; the quantity is positive.

    Goods leave `source` and go to `target`. Without a source they come in, without a target they
    go out, with both they stay on hand.
    """

    kind: Kind
    place: Place
    quantity: Decimal
    document: Document
    line_no: int
    source: Status | None
    target: Status | None
    rule: str | None = None
    """What decided the place or the status, if it was not a person."""
    reverses: int | None = None
    """The entry of the same stream that this one takes back."""

    @classmethod
    def receipt(
        cls, place: Place, quantity: Decimal, document: Document, line_no: int
    ) -> "Movement":
        """Return goods that come in from a supplier and can be promised at once."""
        return cls(Kind.RECEIPT, place, quantity, document, line_no, None, Status.AVAILABLE)

    @classmethod
    def shipment(
        cls, place: Place, quantity: Decimal, document: Document, line_no: int
    ) -> "Movement":
        """Return promised goods that leave for a customer."""
        return cls(Kind.SHIPMENT, place, quantity, document, line_no, Status.ALLOCATED, None)

    @property
    def change(self) -> Decimal:
        """Return what the movement adds to the stock on hand."""
        return self.quantity * ((self.source is None) - (self.target is None))

    def change_of(self, status: Status) -> Decimal:
        """Return what the movement adds to the goods in a status."""
        return self.quantity * ((self.target is status) - (self.source is status))


@dataclass(frozen=True)
class Entry:
    """A movement with its number in the ledger, and the hash that chains it to the one before."""

    sequence: int
    movement: Movement
    hash: bytes


def hash_of(previous: bytes, sequence: int, movement: Movement) -> bytes:
    """Return SHA-256 over the hash before and all that the entry says."""
    place, document = movement.place, movement.document
    said = [
        place.site_id,
        place.item_id,
        sequence,
        place.warehouse_id,
        place.batch_id,
        movement.kind,
        plain(movement.quantity),
        movement.source,
        movement.target,
        str(document.document_id),
        document.number,
        movement.line_no,
        document.effective_at.astimezone(UTC).isoformat(),
        document.posted_at.astimezone(UTC).isoformat(),
        document.user_id,
        document.device_id,
        movement.rule,
        movement.reverses,
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(previous + text.encode()).digest()


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

    def allocate(self, quantity: Decimal) -> None:
        """Promise goods; only what is available can be."""
        self.move(quantity, Status.AVAILABLE, Status.ALLOCATED)

    def free(self, quantity: Decimal) -> None:
        """Take a promise back; only what was promised can be."""
        self.move(quantity, Status.ALLOCATED, Status.AVAILABLE)

    def move(self, quantity: Decimal, source: Status | None, target: Status | None) -> None:
        """Let goods leave one status for another; only what is in it can."""
        if source is not None:
            present: Decimal = getattr(self, source)
            if quantity > present:
                raise BalanceExceeded(
                    figure=source.value, present=plain(present), quantity=plain(quantity)
                )
            self._add(source, -quantity)
        if target is not None:
            self._add(target, quantity)
        self.on_hand += quantity * ((source is None) - (target is None))

    def _add(self, status: Status, quantity: Decimal) -> None:
        if status is not Status.AVAILABLE:  # which is what the other figures leave
            setattr(self, status, getattr(self, status) + quantity)


@dataclass
class Head:
    """The end of a stream: the last number given, and the last entry's hash."""

    sequence: int = 0
    hash: bytes = b""


@dataclass
class Books:
    """The part of the books that one posting works on."""

    streams: dict[Stream, Head] = field(default_factory=dict)
    balances: dict[Place, Balance] = field(default_factory=dict)

    def book(self, movement: Movement) -> Entry:
        """Change the balance and return the entry that explains it, next in its stream."""
        self.balances[movement.place].move(movement.quantity, movement.source, movement.target)
        head = self.streams[movement.place.stream]
        head.sequence += 1
        head.hash = hash_of(head.hash, head.sequence, movement)
        return Entry(head.sequence, movement, head.hash)
