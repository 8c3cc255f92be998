"""What an inspection decides about goods that are held: all of them, or part by part."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from inventory.catalog.domain import plain
from inventory.quality.domain.refusals import FrozenAlready, MoreThanHeld, NothingDecided
from inventory.stock.domain import ZERO, Place, Status


class Decision(StrEnum):
    """What becomes of a part of the goods."""

    RELEASE = "release"
    """Good: can be promised."""
    FREEZE = "freeze"
    """Not decided for good: stays on hand, promised to nobody."""
    REJECT = "reject"
    """Bad: frozen until a return to the supplier or a scrapping takes it off the books."""

    @property
    def target(self) -> Status:
        """Return the status that the part is in afterwards."""
        return Status.AVAILABLE if self is Decision.RELEASE else Status.FROZEN


class Held(StrEnum):
    """What can be inspected: goods that wait for it, and goods that something froze."""

    IN_INSPECTION = "in_inspection"
    FROZEN = "frozen"


@dataclass(frozen=True)
class Part:
    """A quantity with one decision."""

    decision: Decision
    quantity: Decimal
    reason: str | None = None
    serials: tuple[str, ...] = ()
    """The units, where the item is managed by serial number."""


@dataclass(frozen=True)
class Findings:
    """What the inspector saw."""

    inspected_at: datetime
    inspector: str
    sample_size: Decimal | None = None
    text: str | None = None
    attachments: tuple[UUID, ...] = ()
    """Pictures and certificates, kept elsewhere under these ids."""


@dataclass(frozen=True)
class Inspection:
    """The result of an inspection of goods at one place."""

    inspection_id: UUID
    place: Place
    source: Held
    findings: Findings
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        """Hold the rules: something is decided, and frozen goods are not frozen again."""
        if not self.parts:
            raise NothingDecided
        if self.source is Held.FROZEN and self.total(Decision.FREEZE):
            raise FrozenAlready

    @property
    def decided(self) -> Decimal:
        """Return how much the inspection decides on."""
        return _sum(self.parts)

    @property
    def reason(self) -> str:
        """Return what the parts were decided for, in a line."""
        said = dict.fromkeys(part.reason for part in self.parts if part.reason)
        return "; ".join(said) or "inspected"

    @property
    def moving(self) -> list[Part]:
        """Return the parts whose status changes: frozen goods that are rejected stay frozen."""
        return [part for part in self.parts if part.decision.target.value != self.source.value]

    def total(self, decision: Decision) -> Decimal:
        """Return how much got this decision."""
        return _sum(part for part in self.parts if part.decision is decision)

    def must_fit(self, held: Decimal) -> None:
        """Raise `MoreThanHeld` if there is less than what was decided on."""
        if self.decided > held:
            raise MoreThanHeld(
                item_id=self.place.item_id,
                status=self.source.value,
                decided=plain(self.decided),
                held=plain(held),
            )


def _sum(parts: Iterable[Part]) -> Decimal:
    return sum((part.quantity for part in parts), ZERO)
