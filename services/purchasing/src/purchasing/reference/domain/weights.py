"""Weights: what a scale said, and how much of an item's unit that is, exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from purchasing.reference.domain.refusals import QuantityTooLarge
from purchasing.reference.domain.units import MOST_WHOLE_DIGITS
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
DECIMALS_MAX = 6


class WeightContradictory(Refusal):
    """What was on the scale is the goods and the container, nothing else."""

    code = "weight_contradictory"
    en = "Line {line_no}: gross {gross} less tare {tare} is not net {net}. Weigh again."
    zh = "第 {line_no} 行：毛重 {gross} 减皮重 {tare} 不等于净重 {net}。请重新称重。"


class UnknownWeightUnit(Refusal):
    """The scale's unit is none of mass."""

    code = "unknown_weight_unit"
    en = "Line {line_no}: {unit} is no known unit of mass. Set the scale to one of: {units}."
    zh = "第 {line_no} 行：{unit} 不是已知的质量单位。请将电子秤设为以下单位之一：{units}。"


class NotWeighed(Refusal):
    """The item is counted in no unit of mass."""

    code = "item_not_weighed"
    en = "Line {line_no}: item {item_id} has no unit of mass ({units}). Give it one, or count it."
    zh = "第 {line_no} 行：商品 {item_id} 没有质量单位（现有 {units}）。请设置质量单位或按件清点。"


class WeightInexact(Refusal):
    """The weight can't be written in the item's unit without rounding."""

    code = "weight_inexact"
    en = (
        "Line {line_no}: {net} {unit} can't be written exactly in {wanted}. Set the scale to"
        " {wanted}."
    )
    zh = "第 {line_no} 行：{net} {unit} 无法精确换算为 {wanted}。请将电子秤设为 {wanted}。"


@dataclass(frozen=True, kw_only=True)
class Weight:
    """What a scale said at a moment."""

    scale_id: str
    gross: Decimal
    tare: Decimal
    net: Decimal
    unit: str
    weighed_at: datetime

    def counted(self, item_id: str, units: Iterable[str], line_no: int) -> tuple[Decimal, str]:
        """Return the net weight in the first of the item's units that is one of mass."""
        self._must_be_sound(line_no)
        given = list(units)
        wanted = next((unit for unit in given if unit.lower() in GRAMS), None)
        if wanted is None:
            raise NotWeighed(line_no=line_no, item_id=item_id, units=", ".join(given))
        exact = Fraction(self.net) * GRAMS[self.unit.lower()] / GRAMS[wanted.lower()]
        steps = exact * 10**DECIMALS_MAX
        if steps.denominator != 1:
            raise WeightInexact(line_no=line_no, net=str(self.net), unit=self.unit, wanted=wanted)
        if steps >= 10 ** (MOST_WHOLE_DIGITS + DECIMALS_MAX):
            raise QuantityTooLarge(
                line_no=line_no, item_id=item_id, quantity=str(self.net), unit=self.unit
            )
        return Decimal(steps.numerator).scaleb(-DECIMALS_MAX), wanted

    def _must_be_sound(self, line_no: int) -> None:
        if self.unit.lower() not in GRAMS:
            raise UnknownWeightUnit(line_no=line_no, unit=self.unit, units=", ".join(GRAMS))
        if self.gross - self.tare != self.net:
            raise WeightContradictory(
                line_no=line_no, gross=str(self.gross), tare=str(self.tare), net=str(self.net)
            )
