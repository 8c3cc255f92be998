"""What it means that two books agree."""

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
