"""Goods that change their status together, and why rules freeze some."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from inventory.stock.domain import Balance, Place, Status


class Rule(StrEnum):
    """What freezes goods without a person's doing."""

    COLD_CHAIN = "cold-chain"
    """The warehouse was too warm or too humid for too long."""
    EXPIRED = "expired"
    RECALLED = "recalled"

    @property
    def user_id(self) -> str:
        """Return in whose name the rule acts."""
        return f"rule:{self.value}"


Warehouse = tuple[str, str]
"""Site and warehouse."""


@dataclass(frozen=True)
class Goods:
    """A quantity at a place that goes from one status to another."""

    place: Place
    quantity: Decimal
    source: Status
    target: Status = Status.FROZEN
    serials: tuple[str, ...] = ()

    @property
    def warehouse(self) -> Warehouse:
        """Return the warehouse the goods are in."""
        return self.place.site_id, self.place.warehouse_id


@dataclass(frozen=True)
class LetGo:
    """What people let go at a place, knowing of the breach: their word stands while it lasts."""

    place: Place
    quantity: Decimal
    serials: tuple[str, ...] = ()

    def rest_of(self, goods: Goods) -> Goods:
        """Return what of available goods nobody has let go."""
        if goods.serials:
            others = tuple(one for one in goods.serials if one not in self.serials)
            return replace(goods, quantity=Decimal(len(others)), serials=others)
        return replace(goods, quantity=max(goods.quantity - self.quantity, Decimal(0)))

    def and_also(self, goods: Goods) -> "LetGo":
        """Return what is let go once these goods are too; a unit is let go once."""
        serials = tuple(dict.fromkeys((*self.serials, *goods.serials)))
        quantity = Decimal(len(serials)) if serials else self.quantity + goods.quantity
        return replace(self, quantity=quantity, serials=serials)

    def left_in(self, available: Goods | None) -> "LetGo":
        """Return what of it is still among the available goods of its place, if there are any."""
        if available is None:
            return replace(self, quantity=Decimal(0), serials=())
        if available.serials:
            serials = tuple(one for one in self.serials if one in available.serials)
            return replace(self, quantity=Decimal(len(serials)), serials=serials)
        return replace(self, quantity=min(self.quantity, available.quantity))


def freezable(balances: dict[Place, Balance], statuses: Iterable[Status]) -> list[Goods]:
    """Return all goods in some statuses, to be frozen; what is allocated never is."""
    wanted = list(statuses)
    return [
        Goods(place, quantity, status)
        for place, balance in sorted(balances.items(), key=lambda each: each[0])
        for status in wanted
        if (quantity := getattr(balance, status.value)) > 0
    ]


def by_warehouse(goods: Iterable[Goods]) -> list[tuple[Warehouse, list[Goods]]]:
    """Return goods by the warehouse they are in: a document is of one."""
    found = defaultdict[Warehouse, list[Goods]](list)
    for one in goods:
        found[one.warehouse].append(one)
    return sorted(found.items())
