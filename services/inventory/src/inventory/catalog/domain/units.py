"""Units: exact ratios to what an item is counted in. Nothing is rounded or taken as 1:1."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from servicekit.errors import Kind, Refusal

QUANTITY_MAX = 10**12
"""Quantities stay below this, so that they can be written anywhere in the platform."""
BASE_VERSION = 0
"""The version of the base unit's conversion, which never changes."""


class UnknownUnit(Refusal):
    """The item has no conversion for the unit; nothing is ever taken as 1:1."""

    code = "unknown_unit"
    en = "Item {item_id} has no unit {unit}. Give the quantity in one of: {units}."
    zh = "商品 {item_id} 没有单位 {unit}。请使用以下单位之一：{units}。"


class QuantityTooPrecise(Refusal):
    """The quantity has more decimals than the item is kept in."""

    code = "quantity_too_precise"
    en = (
        "Item {item_id} is kept with {scale} decimals of {base_unit}; {quantity} {unit} has more."
        " Give a quantity that fits: it is never rounded."
    )
    zh = (
        "商品 {item_id} 以 {base_unit} 计，保留 {scale} 位小数；{quantity} {unit} 超出精度。"
        "请填写合适的数量，系统不会自动取舍。"
    )


class QuantityTooLarge(Refusal):
    """The quantity is more than can be written."""

    code = "quantity_too_large"
    en = "{quantity} {unit} of item {item_id} is more than the books can write. Split the line."
    zh = "商品 {item_id} 的数量 {quantity} {unit} 超出账目可记录的范围。请拆分该行。"


class BaseUnitGiven(Refusal):
    """The base unit is 1:1 by definition."""

    code = "base_unit_given"
    en = "{unit} is what item {item_id} is counted in: it needs no conversion."
    zh = "{unit} 即商品 {item_id} 的基本单位，无需换算。"


class ConversionNotLater(Refusal):
    """A version counts from its moment on, so what was converted before stays as it is."""

    kind = Kind.CONFLICT
    code = "conversion_not_later"
    en = "A new version of {unit} for item {item_id} must count from after {after}."
    zh = "商品 {item_id} 单位 {unit} 的新版本生效时间必须晚于 {after}。"


def plain(quantity: Decimal) -> str:
    """Write a quantity as people do: no exponent, no trailing zeros."""
    text = format(quantity, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class UnitConversion:
    """From `valid_from` on, one `unit` of the item is numerator/denominator base units."""

    item_id: str
    unit: str
    version: int
    numerator: int
    denominator: int
    valid_from: datetime

    @property
    def ratio(self) -> Fraction:
        """Return how many base units one unit is."""
        return Fraction(self.numerator, self.denominator)

    def follow(self, newer: "UnitConversion", at: datetime) -> "UnitConversion":
        """Return the newer one as the version after this; neither may count from a past moment."""
        if newer.valid_from <= self.valid_from or newer.valid_from < at:
            after = max(self.valid_from, at).isoformat()
            raise ConversionNotLater(item_id=self.item_id, unit=self.unit, after=after)
        return replace(newer, version=self.version + 1)


@dataclass(frozen=True)
class BaseQuantity:
    """A quantity in base units, and what was given: how much of which unit, by which version."""

    quantity: Decimal
    unit: str
    unit_quantity: Decimal
    version: int


@dataclass(frozen=True)
class Units:
    """What quantities of an item can be given in: its base unit, and the conversions in force."""

    item_id: str
    base_unit: str
    scale: int
    conversions: dict[str, UnitConversion] = field(default_factory=dict)

    def to_base(self, unit: str, quantity: Decimal) -> BaseQuantity:
        """Return the quantity in base units, exactly; raise if that can't be."""
        if unit == self.base_unit:
            ratio, version = Fraction(1), BASE_VERSION
        elif known := self.conversions.get(unit):
            ratio, version = known.ratio, known.version
        else:
            units = ", ".join([self.base_unit, *sorted(self.conversions)])
            raise UnknownUnit(item_id=self.item_id, unit=unit, units=units)
        exact = Fraction(quantity) * ratio
        return BaseQuantity(self._written(exact, unit, quantity), unit, quantity, version)

    def _written(self, exact: Fraction, unit: str, quantity: Decimal) -> Decimal:
        steps = exact * 10**self.scale
        facts = {"item_id": self.item_id, "quantity": plain(quantity), "unit": unit}
        if steps.denominator != 1:
            raise QuantityTooPrecise(scale=self.scale, base_unit=self.base_unit, **facts)
        if abs(exact) >= QUANTITY_MAX:
            raise QuantityTooLarge(**facts)
        return Decimal(steps.numerator).scaleb(-self.scale)
