"""Which lines of an order can't be promised, by how much, and what would clear the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from inventory.reservations.domain.reservation import ReservedLine
from inventory.stock.domain import ZERO, Balance


class WayOut(StrEnum):
    """What a caller can do about a short line."""

    REDUCE_QUANTITY = "reduce_quantity"
    OTHER_WAREHOUSE = "other_warehouse"
    OTHER_SITE = "other_site"
    AWAIT_RELEASE = "await_release"
    FINISH_INSPECTION = "finish_inspection"
    RELEASE_FROZEN = "release_frozen"
    REPLENISH = "replenish"


@dataclass(frozen=True)
class Shortage:
    """A line that can't be promised from a balance."""

    line: ReservedLine
    earlier: Decimal
    """What earlier lines of the same order take of the same item."""
    balance: Balance

    @property
    def left(self) -> Decimal:
        """Return what earlier lines leave for this one."""
        return max(self.balance.available - self.earlier, ZERO)

    @property
    def short(self) -> Decimal:
        """Return how much is missing."""
        return self.line.quantity - self.left

    def ways_out(self, *, other_warehouse: bool, other_site: bool) -> list[WayOut]:
        """Return what would clear the way, the quickest first."""
        open_ways = {
            WayOut.REDUCE_QUANTITY: self.left > 0,
            WayOut.OTHER_WAREHOUSE: other_warehouse,
            WayOut.OTHER_SITE: other_site,
            WayOut.AWAIT_RELEASE: self.balance.allocated > 0,
            WayOut.FINISH_INSPECTION: self.balance.in_inspection > 0,
            WayOut.RELEASE_FROZEN: self.balance.frozen > 0,
            WayOut.REPLENISH: True,
        }
        return [way for way, is_open in open_ways.items() if is_open]


def shortages(lines: Iterable[ReservedLine], balances: Mapping[str, Balance]) -> list[Shortage]:
    """Return the short lines; lines of the same item draw on the same balance, in order."""
    taken: dict[str, Decimal] = {}
    short = []
    for line in lines:
        earlier = taken.get(line.item_id, ZERO)
        balance = balances.get(line.item_id, Balance())
        if line.quantity + earlier > balance.available:
            short.append(Shortage(line, earlier, balance))
        taken[line.item_id] = earlier + line.quantity
    return short
