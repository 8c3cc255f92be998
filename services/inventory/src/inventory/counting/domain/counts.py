"""Counts, and what of the ledger they are held against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from inventory.catalog.domain import BaseQuantity
from inventory.catalog.domain.weights import Weight
from inventory.counting.domain.count_refusals import CountDiffers
from inventory.stock.domain import ZERO

WHOLE_PERCENT = 100


@dataclass(frozen=True, kw_only=True)
class Count:
    """What one person found at one spot of a line's place, at the moment of counting."""

    count_id: UUID
    line_no: int
    round_no: int
    measured: BaseQuantity
    serials: tuple[str, ...] = ()
    spot: str = ""
    """Where in the warehouse; goods that lie at several spots are counted at each."""
    counted_at: datetime
    """By the clock of whoever counted; it may arrive much later."""
    counted_by: str
    device_id: str | None = None
    weight: Weight | None = None
    """What the scale said, where the goods were weighed."""
    received_at: datetime

    def repeats(self, known: "Count") -> bool:
        """Tell that the count is there already; raise if something else is, under its id."""
        if self.content != known.content:
            raise CountDiffers(count_id=self.count_id)
        return True

    @property
    def content(self) -> tuple[object, ...]:
        """Return what a repeat of the count says, too."""
        measured = (self.measured.unit, self.measured.unit_quantity, set(self.serials))
        return (self.line_no, self.spot, self.counted_at, self.counted_by, *measured)


@dataclass(frozen=True)
class Moved:
    """What an entry of the ledger changed at a line's place after its opening."""

    posted_at: datetime
    change: Decimal
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opening:
    """What the books held at a place when entry `sequence` was their stream's last."""

    quantity: Decimal = ZERO
    sequence: int = 0
    serials: tuple[str, ...] = ()

    def quantity_at(self, moment: datetime, moved: Iterable[Moved]) -> Decimal:
        """Return what the books held at a moment after the opening.

        That is the opening and all that was posted until the moment, in whatever order it was
        written; and so the balance now, less all that was posted afterwards. The time of posting
        decides, not when it happened: a count is held against what the books said then.
        """
        return sum((one.change for one in moved if one.posted_at <= moment), self.quantity)

    def serials_at(self, moment: datetime, moved: Iterable[Moved]) -> set[str]:
        """Return the units that the books held at a moment after the opening."""
        held = set(self.serials)
        for one in moved:
            if one.posted_at <= moment:
                held = held | set(one.serials) if one.change > 0 else held - set(one.serials)
        return held


@dataclass(frozen=True)
class Part:
    """How much of a place's goods a document moves, and which units where they have numbers."""

    quantity: Decimal
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What a round of counting has found, and what the books held at the count's own time."""

    counted_at: datetime
    counted: Decimal
    expected: Decimal
    gain: Decimal
    loss: Decimal
    found: tuple[str, ...] = ()
    """Units that are there and were not in the books."""
    missing: tuple[str, ...] = ()
    uncertain: bool = False
    """Goods moved between the first and the last of the counts that were added up."""

    @property
    def gained(self) -> Part:
        """Return what is there and was not in the books."""
        return Part(self.gain, self.found)

    @property
    def lost(self) -> Part:
        """Return what was in the books and is not there."""
        return Part(self.loss, self.missing)

    @property
    def off(self) -> Decimal:
        """Return by how much the books are wrong, in whatever direction."""
        return self.gain + self.loss


@dataclass(frozen=True)
class Tolerance:
    """How far a count may be from the books without a second one: the larger of the two."""

    quantity: Decimal = ZERO
    percent: Decimal = ZERO

    def covers(self, finding: Finding) -> bool:
        """Tell whether a difference needs no second look."""
        share = abs(finding.expected) * self.percent / WHOLE_PERCENT
        return finding.off <= max(self.quantity, share)


def found_by(counts: Sequence[Count], opening: Opening, moved: Sequence[Moved]) -> Finding | None:
    """Return what the counts of one round have found together; None if there are none.

    Different spots add up; of the same spot the last one counts, by its own time. Where goods
    moved between the first and the last spot, nobody can tell which spot they moved at: the sum
    is uncertain.
    """
    spots = {
        one.spot: one for one in sorted(counts, key=lambda one: (one.counted_at, one.count_id))
    }
    if not spots:
        return None
    valid = list(spots.values())
    first, last = (limit(one.counted_at for one in valid) for limit in (min, max))
    uncertain = any(first < one.posted_at <= last for one in moved)
    counted = sum((one.measured.quantity for one in valid), ZERO)
    expected = opening.quantity_at(last, moved)
    there = {serial for one in valid for serial in one.serials}
    held = opening.serials_at(last, moved)
    if there or held:
        found, missing = tuple(sorted(there - held)), tuple(sorted(held - there))
        gain, loss = Decimal(len(found)), Decimal(len(missing))
        return Finding(
            last, Decimal(len(there)), expected, gain, loss, found, missing, uncertain=uncertain
        )
    gain, loss = max(counted - expected, ZERO), max(expected - counted, ZERO)
    return Finding(last, counted, expected, gain, loss, uncertain=uncertain)
