"""What it means that two books agree, and that a rebuild found the same costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

DIFFERENCES_MAX = 100
Stream = tuple[str, str]


@dataclass(frozen=True)
class Side:
    """What one side has of a stream, as of entry `sequence`."""

    quantity: Decimal
    sequence: int


@dataclass(frozen=True)
class Difference:
    """A stream whose sides are at the same entry and still not equal."""

    site_id: str
    item_id: str
    sequence: int
    expected: Decimal
    found: Decimal


@dataclass
class Agreement:
    """How inventory's quantities and costing's compare.

    A stream is behind while costing has not applied inventory's last entry; only at the same entry
    can two sides differ.
    """

    streams: int = 0
    agree: int = 0
    behind: int = 0
    different: int = 0
    differences: list[Difference] = field(default_factory=list)

    def add(self, stream: Stream, inventory: Side, costing: Side | None) -> None:
        """Compare one stream."""
        self.streams += 1
        if costing is None or costing.sequence != inventory.sequence:
            self.behind += 1
        elif costing.quantity == inventory.quantity:
            self.agree += 1
        else:
            self.different += 1
            if len(self.differences) < DIFFERENCES_MAX:
                self.differences.append(
                    Difference(*stream, inventory.sequence, inventory.quantity, costing.quantity)
                )


def compare(inventory: Iterable[tuple[Stream, Side]], costing: Mapping[Stream, Side]) -> Agreement:
    """Compare every stream that inventory has, and those that only costing has."""
    result, seen = Agreement(), set()
    for stream, side in inventory:
        result.add(stream, side, costing.get(stream))
        seen.add(stream)
    for stream in costing.keys() - seen:
        side = costing[stream]
        result.add(stream, Side(Decimal(0), side.sequence), side)
    return result


@dataclass(frozen=True)
class Figures:
    """What a value entry says."""

    quantity: Decimal
    value: Decimal
    cost_of_sales: Decimal = Decimal(0)
    """What it adds to the cost of goods sold, beside what it does to stock."""


@dataclass(frozen=True)
class Mismatch:
    """An entry that a rebuild and the books don't have alike; None where one side has none."""

    site_id: str
    item_id: str
    sequence: int
    cause: str
    rebuilt: Figures | None
    live: Figures | None


@dataclass
class Findings:
    """What a rebuild has found: entries compared, and those that are not alike."""

    streams: int = 0
    entries: int = 0
    different: int = 0
    mismatches: list[Mismatch] = field(default_factory=list)

    def add(
        self, place: tuple[str, str, int], rebuilt: Figures | None, live: Figures | None, cause: str
    ) -> None:
        """Compare one entry; `cause` says what it means if they are not alike."""
        self.entries += 1
        if rebuilt == live:
            return
        self.different += 1
        if len(self.mismatches) < DIFFERENCES_MAX:
            self.mismatches.append(Mismatch(*place, cause, rebuilt, live))
