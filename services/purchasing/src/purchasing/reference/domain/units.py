"""In which units goods are ordered and received, and how much that is in the base unit: exactly."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from purchasing.reference.domain.refusals import (
    QuantityTooLarge,
    QuantityTooPrecise,
    UnknownUnit,
)

COST_DECIMALS = 6
MOST_WHOLE_DIGITS = 12


@dataclass(frozen=True)
class Conversion:
    """A version of a unit: one of it is numerator/denominator base units."""

    version: int
    numerator: int
    denominator: int


@dataclass(frozen=True)
class Measured:
    """A quantity in the base unit, and by which version it was converted; None: not at all."""

    quantity: Decimal
    base_unit: str
    version: int | None


@dataclass(frozen=True)
class Units:
    """The base unit of an item and the conversions in force."""

    item_id: str
    base_unit: str
    scale: int
    conversions: dict[str, Conversion] = field(default_factory=dict)

    def measure(self, quantity: Decimal, unit: str, line_no: int) -> Measured:
        """Return the quantity in base units; raise if the unit is none of the item's."""
        version, ratio = self._conversion(unit, line_no)
        steps = Fraction(quantity) * ratio * 10**self.scale
        facts = {
            "line_no": line_no,
            "item_id": self.item_id,
            "quantity": _plain(quantity),
            "unit": unit,
        }
        if steps.denominator != 1:
            raise QuantityTooPrecise(scale=self.scale, base_unit=self.base_unit, **facts)
        if steps >= 10 ** (MOST_WHOLE_DIGITS + self.scale):
            raise QuantityTooLarge(**facts)
        base = Decimal(steps.numerator).scaleb(-self.scale)
        return Measured(base, self.base_unit, version)

    def ratio(self, unit: str) -> Fraction | None:
        """Return how many base units one of the unit is; None if the item has no such unit."""
        if unit == self.base_unit:
            return Fraction(1)
        known = self.conversions.get(unit)
        return None if known is None else Fraction(known.numerator, known.denominator)

    def must_know(self, unit: str, line_no: int) -> None:
        """Raise unless the unit is one of the item's."""
        self._conversion(unit, line_no)

    def _conversion(self, unit: str, line_no: int) -> tuple[int | None, Fraction]:
        if unit == self.base_unit:
            return None, Fraction(1)
        known = self.conversions.get(unit)
        if known is None:
            raise UnknownUnit(
                line_no=line_no,
                item_id=self.item_id,
                unit=unit,
                base_unit=self.base_unit,
                units=", ".join([self.base_unit, *sorted(self.conversions)]),
            )
        return known.version, Fraction(known.numerator, known.denominator)


def cost_per(price: Decimal, quantity: Decimal, base_quantity: Decimal) -> Decimal:
    """Return what a base unit costs when `quantity` units at `price` are so many base units."""
    exact = Fraction(price) * Fraction(quantity) / Fraction(base_quantity)
    steps = round(exact * 10**COST_DECIMALS)
    return Decimal(steps).scaleb(-COST_DECIMALS)


def _plain(quantity: Decimal) -> str:
    return format(quantity.normalize(), "f")
