"""A recall: batches that are called back, and what becomes of what was delivered of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from inventory.catalog.domain import plain
from inventory.quality.domain.refusals import (
    MoreThanOutstanding,
    NothingNamed,
    RecallIsClosed,
)
from inventory.stock.domain import ZERO, CalledBack, serial_order


class RecallClass(StrEnum):
    """How dangerous the goods are."""

    SERIOUS = "I"
    """May do serious harm, or kill."""
    PASSING = "II"
    """May do harm that passes."""
    HARMLESS = "III"
    """Does no harm, but breaks a rule."""


class Outcome(StrEnum):
    """How a recall ended."""

    COMPLETED = "completed"
    """The batches stay blocked for good."""
    WITHDRAWN = "withdrawn"
    """The goods were good after all: what was frozen can be released by an inspection."""


class Fate(StrEnum):
    """What became of delivered goods."""

    RECOVERED = "recovered"
    WRITTEN_OFF = "written_off"
    TAKEN_BACK = "taken_back"
    """The return by which goods had come back was posted by mistake: they had not."""


@dataclass(frozen=True)
class Told:
    """What was said of delivered goods, by a person or by the ledger."""

    fate: Fate
    quantity: Decimal
    document_id: UUID | None = None
    entry: int | None = None
    """The ledger's number of a customer's return; None of what a person said."""
    undoes: int | None = None


@dataclass(eq=False)
class Recall:
    """An order to call batches of an item back, from wherever they are."""

    recall_id: UUID
    number: str
    item_id: str
    recall_class: RecallClass
    reason: str
    ordered_by: str
    ordered_at: datetime
    batches: list[str] = field(default_factory=list)
    first_serial: str | None = None
    """The units called back, from this number to the last one, where it is not whole batches."""
    last_serial: str | None = None
    outcome: Outcome | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None

    def __post_init__(self) -> None:
        """Hold the rule: either batches are called back, or units from one number to another."""
        first, last = self.first_serial, self.last_serial
        by_serial = (
            first is not None and last is not None and serial_order(first) <= serial_order(last)
        )
        by_batch = bool(self.batches) and first is None and last is None
        if by_batch == (by_serial and not self.batches):
            raise NothingNamed(item_id=self.item_id)
        self.batches = sorted(set(self.batches))

    @property
    def rule(self) -> str:
        """Return what documents say has frozen the goods."""
        return f"recall {self.number}"

    @property
    def units(self) -> CalledBack | None:
        """Return the units called back by their numbers, if it is not whole batches."""
        if self.first_serial is None or self.last_serial is None:
            return None
        return CalledBack(
            self.number, self.item_id, self.first_serial, self.last_serial, self.reason
        )

    @property
    def is_open(self) -> bool:
        """Tell whether goods are still called back."""
        return self.outcome is None

    def must_be_open(self) -> None:
        """Raise `RecallIsClosed` if the recall has ended."""
        if not self.is_open:
            raise RecallIsClosed(number=self.number)

    def close(self, outcome: Outcome, by: str, at: datetime) -> None:
        """End the recall; what is still outstanding then stays on record."""
        self.must_be_open()
        self.outcome, self.closed_by, self.closed_at = outcome, by, at


@dataclass(eq=False)
class Delivery:
    """A shipment of called back goods, and what became of them."""

    recall_id: UUID
    site_id: str
    item_id: str
    sequence: int
    """The ledger's number of the shipped line."""
    batch_id: str
    quantity: Decimal
    document_id: UUID
    document_number: str
    shipped_at: datetime
    order_id: UUID | None = None
    recovered: Decimal = ZERO
    written_off: Decimal = ZERO

    @property
    def outstanding(self) -> Decimal:
        """Return what nobody has said anything about yet."""
        return self.quantity - self.recovered - self.written_off

    def settle(self, fate: Fate, quantity: Decimal) -> None:
        """Goods came back, or were given up."""
        if quantity > self.outstanding:
            raise MoreThanOutstanding(
                document_number=self.document_number,
                outstanding=plain(self.outstanding),
                quantity=plain(quantity),
            )
        if fate is Fate.RECOVERED:
            self.recovered += quantity
        else:
            self.written_off += quantity

    def recount(self, told: Sequence[Told]) -> None:
        """Add up all that was said, in the order in which it was.

        Of a customer's return the ledger knows that it came back: it is the proof of what somebody
        had said before without one, and outweighs that the goods were given up.
        """
        undone = defaultdict[int | None, Decimal](Decimal)
        for one in told:
            undone[one.undoes] += one.quantity
        self.recovered, self.written_off, unproven = ZERO, ZERO, ZERO
        for one in told:
            if one.fate is Fate.TAKEN_BACK:
                continue
            if one.entry is None:
                quantity = min(one.quantity, self.outstanding)
                self.settle(one.fate, quantity)
                if one.fate is Fate.RECOVERED and one.document_id is None:
                    unproven += quantity
                continue
            quantity = one.quantity - undone[one.entry]
            known = min(quantity, unproven)
            unproven -= known
            self._come_back(quantity - known)

    def _come_back(self, quantity: Decimal) -> None:
        """Goods are here again, even if they had been given up."""
        found = min(max(quantity - self.outstanding, ZERO), self.written_off)
        self.written_off -= found
        self.recovered += min(quantity, self.outstanding)
