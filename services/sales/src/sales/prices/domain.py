"""Prices by level, from a day and a quantity on; promotions, of which the best one counts.

A price is found by these rules, in this order: the customer's own level before the standard one;
the largest quantity that is reached; the latest first day. A promotion takes its percentage off
that price; promotions don't add up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

from servicekit.errors import Kind, Refusal

STANDARD = "standard"
"""The level of customers of whom nothing else was said."""
CENT = Decimal("0.01")
WHOLE = Decimal(100)


class PriceInForce(Refusal):
    """A price that counts, or has counted, is not written over."""

    kind = Kind.CONFLICT
    code = "price_in_force"
    en = (
        "Level {level} has a price for {item_id} per {unit} in {currency} since {valid_from}, which"
        " orders may have been placed at. Give the new one a first day after today."
    )
    zh = (
        "价格等级 {level} 的商品 {item_id}（{unit}，{currency}）自 {valid_from} 起已有生效价格。"
        "请为新价格填写今日之后的起始日。"
    )


class PriceDaysCrossed(Refusal):
    """A price or promotion ends when it begins, or later."""

    code = "price_days_crossed"
    en = "What begins on {begins} can't end on {ends}. Give an end that is not earlier."
    zh = "自 {begins} 开始的价格或促销不能于 {ends} 结束。请填写不早于开始的结束时间。"


class NoPrice(Refusal):
    """Nobody said what the goods of a line cost."""

    code = "no_price"
    en = (
        "Line {line_no}: there is no price for {quantity} {unit} of {item_id} in {currency} on"
        " {day} at level {level}. Give the line an amount, or set a price first."
    )
    zh = (
        "第 {line_no} 行：商品 {item_id}（{quantity} {unit}，{currency}）在 {day} 没有等级 {level}"
        " 的价格。请填写金额，或先维护价格。"
    )


class ScopeUnclear(Refusal):
    """A promotion is for an item, a category, or everything."""

    code = "promotion_scope_unclear"
    en = "A promotion of scope {scope} needs {needed}."
    zh = "范围为 {scope} 的促销需要 {needed}。"


class UnknownPromotion(Refusal):
    """There is no such promotion."""

    kind = Kind.NOT_FOUND
    code = "unknown_promotion"
    en = "There is no promotion {promotion_id}."
    zh = "没有促销 {promotion_id}。"


class Scope(StrEnum):
    """What a promotion is for."""

    ITEM = "item"
    CATEGORY = "category"
    GENERAL = "general"


class Source(StrEnum):
    """Where the amount of a line comes from."""

    GIVEN = "given"
    LIST = "list"
    PROMOTION = "promotion"


@dataclass(frozen=True)
class Goods:
    """What a price is asked for."""

    item_id: str
    unit: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class Price:
    """What one unit costs, without tax; `valid_to` is the last day, None for no end."""

    level: str
    item_id: str
    unit: str
    currency: str
    from_quantity: Decimal
    valid_from: date
    valid_to: date | None
    unit_price: Decimal
    set_at: datetime
    set_by: str

    def __post_init__(self) -> None:
        """Hold the rule that days are in order."""
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise PriceDaysCrossed(begins=str(self.valid_from), ends=str(self.valid_to))

    def covers(self, goods: Goods, quantity: Decimal, day: date) -> bool:
        """Tell whether the price is for so many of these goods on that day."""
        return (
            Goods(self.item_id, self.unit, self.currency) == goods
            and self.from_quantity <= quantity
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """A percentage off for a time; None as level or site means all of them."""

    promotion_id: UUID
    name: str
    scope: Scope
    scope_name: str
    """The item or the category; empty for everything."""
    percent_off: Decimal
    level: str | None
    site_id: str | None
    starts_at: datetime
    ends_at: datetime
    set_at: datetime
    set_by: str

    def __post_init__(self) -> None:
        """Hold the rules: it ends after it begins, and says what it is for."""
        if self.ends_at <= self.starts_at:
            raise PriceDaysCrossed(begins=str(self.starts_at), ends=str(self.ends_at))
        if (self.scope is Scope.GENERAL) != (not self.scope_name):
            needed = "no scope_name" if self.scope is Scope.GENERAL else "a scope_name"
            raise ScopeUnclear(scope=self.scope.value, needed=needed)

    def is_for(self, item_id: str, category: str | None) -> bool:
        """Tell whether the promotion takes something off an item."""
        return {"item": item_id, "category": category, "general": ""}[self.scope] == self.scope_name


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a line comes to, and why."""

    amount: Decimal
    source: Source
    level: str | None = None
    unit_price: Decimal | None = None
    valid_from: date | None = None
    promotion_id: UUID | None = None
    percent_off: Decimal | None = None


def price_for(
    prices: Iterable[Price], level: str, goods: Goods, quantity: Decimal, day: date
) -> Price | None:
    """Return the price that counts, by the rules above, or None."""
    covering = [one for one in prices if one.covers(goods, quantity, day)]
    return max(
        (one for one in covering if one.level in (level, STANDARD)),
        key=lambda one: (one.level == level, one.from_quantity, one.valid_from),
        default=None,
    )


def found(price: Price, quantity: Decimal, promotions: Sequence[Promotion]) -> Found:
    """Return what so many units come to, with the best of the promotions taken off."""
    best = max(promotions, key=lambda one: (one.percent_off, one.promotion_id), default=None)
    off = Decimal(0) if best is None else best.percent_off
    amount = (price.unit_price * quantity * (WHOLE - off) / WHOLE).quantize(CENT, ROUND_HALF_UP)
    return Found(
        amount=amount,
        source=Source.LIST if best is None else Source.PROMOTION,
        level=price.level,
        unit_price=price.unit_price,
        valid_from=price.valid_from,
        promotion_id=None if best is None else best.promotion_id,
        percent_off=None if best is None else off,
    )
