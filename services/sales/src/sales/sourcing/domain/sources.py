"""Who may ship, what is needed, and what a plan is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

Place = tuple[str, str]
"""Site and warehouse."""
Goods = tuple[str, str]
"""Item and batch."""
Stock = Mapping[Place, Mapping[Goods, Decimal]]
Free = dict[Goods, Fraction]


class Mode(StrEnum):
    """From where goods may come."""

    NEAREST = "nearest"
    """From the nearest warehouse that has everything."""
    SPLIT = "split"
    """From several, if none has everything."""


class Rule(StrEnum):
    """What decided for a plan."""

    OWN_SITE = "own_site"
    """The asking warehouse has everything."""
    NEAREST = "nearest_with_everything"
    FEWEST = "fewest_shipments"
    COVER = "most_lines_completed"
    """So many shipments are needed that not all ways were compared."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A warehouse that may ship, and what speaks for it."""

    site_id: str
    warehouse_id: str
    is_own: bool = False
    preference: int | None = None
    """Its site's place in the asking site's stated order, from 1."""
    distance_m: int | None = None

    @property
    def place(self) -> Place:
        """Return where it is."""
        return self.site_id, self.warehouse_id

    @property
    def order(self) -> tuple[object, ...]:
        """Return what sources are put in order by."""
        stated, known = self.preference is not None, self.distance_m is not None
        return (
            not self.is_own,
            not stated,
            self.preference or 0,
            not known,
            self.distance_m or 0,
            *self.place,
        )


@dataclass(frozen=True)
class Part:
    """What of one item a line takes, in base units."""

    goods: Goods
    quantity: Decimal


@dataclass(frozen=True)
class Need:
    """A line of the wish, and what its quantity can be divided into."""

    line_no: int
    quantity: Decimal
    step: Decimal
    parts: tuple[Part, ...]

    def most(self, left: Fraction, free: Mapping[Goods, Fraction]) -> Fraction:
        """Return how much of what is left can be taken from what is free."""
        whole = Fraction(self.quantity)
        limit = min(
            free.get(part.goods, Fraction(0)) * whole / Fraction(part.quantity)
            for part in self.parts
        )
        step = Fraction(self.step)
        return left if limit >= left else limit // step * step

    def take(self, quantity: Fraction, free: Free) -> None:
        """Take so much."""
        for part in self.parts:
            share = quantity * Fraction(part.quantity) / Fraction(self.quantity)
            free[part.goods] -= share


@dataclass(frozen=True)
class Shipping:
    """What one warehouse ships: how much of which lines."""

    source: Source
    lines: Mapping[int, Decimal]


@dataclass(frozen=True)
class Plan:
    """Who ships what, and the rule that decided."""

    rule: Rule
    shippings: tuple[Shipping, ...]

    @property
    def places(self) -> frozenset[Place]:
        """Return who ships."""
        return frozenset(one.source.place for one in self.shippings)
