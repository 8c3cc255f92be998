"""Which lines of an order can't be promised, by how much, and what would clear the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from inventory.reservations.domain.reservation import Reservation, ReservedLine
from inventory.stock.domain import ZERO, Balance, Place

NOTHING = Balance()
"""What there is where nothing ever was."""


class WayOut(StrEnum):
    """What a caller can do about a short line."""

    REDUCE_QUANTITY = "reduce_quantity"
    OTHER_WAREHOUSE = "other_warehouse"
    OTHER_SITE = "other_site"
    AWAIT_ARRIVAL = "await_arrival"
    AWAIT_RELEASE = "await_release"
    FINISH_INSPECTION = "finish_inspection"
    RELEASE_FROZEN = "release_frozen"
    REPLENISH = "replenish"


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a line draws on, and how much of it is missing, if any."""

    line: ReservedLine
    earlier: Decimal
    """What earlier lines of the same order take of the same item."""
    balance: Balance
    named: Decimal | None = None
    """How many of the units that it names by number can be had; None if it names none."""

    @property
    def left(self) -> Decimal:
        """Return what earlier lines leave for this one."""
        left = max(self.balance.available - self.earlier, ZERO)
        return left if self.named is None else min(left, self.named)

    @property
    def short(self) -> Decimal:
        """Return how much is missing."""
        return max(self.line.quantity - self.left, ZERO)

    def ways_out(
        self, *, other_warehouse: bool, other_site: bool, in_transit: bool = False
    ) -> list[WayOut]:
        """Return what would clear the way, the quickest first."""
        open_ways = {
            WayOut.REDUCE_QUANTITY: self.left > 0,
            WayOut.OTHER_WAREHOUSE: other_warehouse,
            WayOut.OTHER_SITE: other_site,
            WayOut.AWAIT_ARRIVAL: in_transit,
            WayOut.AWAIT_RELEASE: self.balance.allocated > 0,
            WayOut.FINISH_INSPECTION: self.balance.in_inspection > 0,
            WayOut.RELEASE_FROZEN: self.balance.frozen > 0,
            WayOut.REPLENISH: True,
        }
        return [way for way, is_open in open_ways.items() if is_open]


def drawn(wanted: Reservation, balances: Mapping[Place, Balance]) -> list[Shortage]:
    """Return what each line draws on; lines of the same goods draw on the same, in order."""
    taken: dict[Place, Decimal] = {}
    lines = []
    for line, place in zip(wanted.lines, wanted.places, strict=True):
        earlier = taken.get(place, ZERO)
        lines.append(Shortage(line, earlier, balances.get(place, NOTHING)))
        taken[place] = earlier + line.quantity
    return lines


def shortages(wanted: Reservation, balances: Mapping[Place, Balance]) -> list[Shortage]:
    """Return the short lines."""
    return [one for one in drawn(wanted, balances) if one.short > 0]


def promise(wanted: Reservation, balances: Mapping[Place, Balance]) -> bool:
    """Allocate all lines, or none if one is short; tell which."""
    taken: dict[Place, Decimal] = {}
    for line, place in zip(wanted.lines, wanted.places, strict=True):
        taken[place] = taken.get(place, ZERO) + line.quantity
    if any(quantity > balances.get(place, NOTHING).available for place, quantity in taken.items()):
        return False
    for place, quantity in taken.items():
        balances[place].allocate(quantity)
    return True
