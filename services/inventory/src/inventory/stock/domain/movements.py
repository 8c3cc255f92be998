"""Movements: what posted documents do to stock, and the entries that keep it, chained by hashes."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from inventory.catalog.domain import plain
from servicekit.errors import Refusal

NO_BATCH = ""
"""The batch of goods that are not told apart by batch."""


class SerialsMiscounted(Refusal):
    """A line of serial-managed goods names each unit once."""

    code = "serials_miscounted"
    en = "Item {item_id}: {quantity} is moved, but {named} different serial numbers are named."
    zh = "商品 {item_id}：数量为 {quantity}，却给出 {named} 个不同的序列号。"


class ReceiptUnexplained(Refusal):
    """What costs another sum never came, as far as the ledger knows."""

    code = "receipt_unexplained"
    en = (
        "Document {document} says what line {line_no} of receipt {receipt} costs, and the ledger"
        " has no such line. See whether that receipt waits among the parked messages."
    )
    zh = (
        "单据 {document} 更正了收货单 {receipt} 第 {line_no} 行的成本，但台账中没有该行。"
        "请检查该收货单是否在搁置消息中。"
    )


class Kind(StrEnum):
    """Why an entry was written."""

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
    RETURN = "return"
    """Back from a customer, at what it had cost."""
    SUPPLIER_RETURN = "supplier_return"
    """Back to the supplier, from whichever status it was in."""
    REVALUATION = "revaluation"
    """Goods of a receipt cost another sum than they came in at: nothing moves."""


class Status(StrEnum):
    """What may be done with goods on hand."""

    AVAILABLE = "available"
    ALLOCATED = "allocated"
    IN_INSPECTION = "in_inspection"
    FROZEN = "frozen"


Stream = tuple[str, str]
"""Site and item: what entries are numbered by."""


class Place(NamedTuple):
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
    go out, with both they stay on hand. A revaluation moves none: its quantity is zero.
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
    """The entry of the same stream that this one takes back, or by which what leaves had come."""
    serials: tuple[str, ...] = ()
    """The units that move, where the item is managed by serial number."""
    undoes: Kind | None = None
    """What the entry was that this one takes back; the ledger knows it by its number."""

    def __post_init__(self) -> None:
        """Hold the rule: where units are named, each of them is, once."""
        if self.serials and self.quantity != len(set(self.serials)):
            raise SerialsMiscounted(
                item_id=self.place.item_id,
                quantity=plain(self.quantity),
                named=len(set(self.serials)),
            )

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
        *([movement.serials] if movement.serials else []),
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(previous + text.encode()).digest()
