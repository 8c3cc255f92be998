"""Weights: what a scale says, and how much of an item that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from inventory.catalog.domain.units import plain
from servicekit.errors import Refusal

GRAMS = {
    "mg": Fraction(1, 1000),
    "g": Fraction(1),
    "grm": Fraction(1),
    "liang": Fraction(50),
    "jin": Fraction(500),
    "kg": Fraction(1000),
    "kgm": Fraction(1000),
    "t": Fraction(1_000_000),
    "tne": Fraction(1_000_000),
    "oz": Fraction(28_349_523_125, 10**9),
    "onz": Fraction(28_349_523_125, 10**9),
    "lb": Fraction(45_359_237, 10**5),
    "lbr": Fraction(45_359_237, 10**5),
}
"""Units of mass by their usual names and by UN/ECE Recommendation 20, in grams, exactly."""
KILOGRAM = "kg"
DECIMALS_MAX = 6


class WeightContradictory(Refusal):
    """What was on the scale is the goods and the container, nothing else."""

    code = "weight_contradictory"
    en = "Gross {gross} less tare {tare} is not net {net}. Weigh again."
    zh = "毛重 {gross} 减皮重 {tare} 不等于净重 {net}。请重新称重。"


class UnknownWeightUnit(Refusal):
    """The scale's unit is none of mass."""

    code = "unknown_weight_unit"
    en = "{unit} is no known unit of mass. Set the scale to one of: {units}."
    zh = "{unit} 不是已知的质量单位。请将电子秤设为以下单位之一：{units}。"


class NotWeighed(Refusal):
    """The item is counted in no unit of mass."""

    code = "item_not_weighed"
    en = "Item {item_id} has no unit of mass ({units}). Give it one, or count it."
    zh = "商品 {item_id} 没有质量单位（现有 {units}）。请为其设置质量单位，或按件计数。"


class WeightInexact(Refusal):
    """The weight can't be written in the item's unit without rounding."""

    code = "weight_inexact"
    en = "{net} {unit} can't be written exactly in {wanted}. Set the scale to {wanted}."
    zh = "{net} {unit} 无法精确换算为 {wanted}。请将电子秤设为 {wanted}。"


@dataclass(frozen=True)
class Weight:
    """What a scale said at a moment."""

    scale_id: str
    gross: Decimal
    tare: Decimal
    net: Decimal
    unit: str
    weighed_at: datetime

    def must_be_sound(self) -> None:
        """Raise unless the parts add up, in a unit of mass."""
        if self.unit.lower() not in GRAMS:
            raise UnknownWeightUnit(unit=self.unit, units=", ".join(GRAMS))
        if self.gross - self.tare != self.net:
            raise WeightContradictory(
                gross=plain(self.gross), tare=plain(self.tare), net=plain(self.net)
            )


def weight_unit(item_id: str, units: Iterable[str]) -> str:
    """Return the first of an item's units that is one of mass."""
    given = list(units)
    for unit in given:
        if unit.lower() in GRAMS:
            return unit
    raise NotWeighed(item_id=item_id, units=", ".join(given))


def converted(net: Decimal, unit: str, wanted: str) -> Decimal:
    """Return a weight in another unit of mass, exactly, or raise `WeightInexact`."""
    exact = Fraction(net) * GRAMS[unit.lower()] / GRAMS[wanted.lower()]
    steps = exact * 10**DECIMALS_MAX
    if steps.denominator != 1:
        raise WeightInexact(net=plain(net), unit=unit, wanted=wanted)
    return Decimal(steps.numerator).scaleb(-DECIMALS_MAX)
