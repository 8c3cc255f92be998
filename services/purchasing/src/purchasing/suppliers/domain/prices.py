"""Prices agreed with a supplier: for an item and unit, from a day on, lower from a quantity on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from servicekit.errors import Kind, Refusal


class UnknownPrice(Refusal):
    """There is no such price."""

    kind = Kind.NOT_FOUND
    code = "unknown_price"
    en = "Supplier {supplier_id} has no price {price_id}."
    zh = "供应商 {supplier_id} 没有价格 {price_id}。"


class PriceOverlap(Refusal):
    """Two prices for one day: nobody could say which was agreed."""

    kind = Kind.CONFLICT
    code = "price_overlap"
    en = (
        "Supplier {supplier_id} has price {price_id} for {item_id} per {unit} in {currency} from"
        " {valid_from} to {valid_to}. End that one first, or choose days it doesn't cover."
    )
    zh = (
        "供应商 {supplier_id} 的商品 {item_id}（{unit}，{currency}）在 {valid_from} 至 {valid_to}"
        " 已有价格 {price_id}。请先终止该价格，或选择其他有效期。"
    )


class PriceDaysCrossed(Refusal):
    """A price ends on the day it begins, or later."""

    code = "price_days_crossed"
    en = "A price from {valid_from} can't end on {valid_to}. Give a last day that is not earlier."
    zh = "自 {valid_from} 起的价格不能于 {valid_to} 结束。请填写不早于起始日的截止日。"


class BreaksUnclear(Refusal):
    """Each quantity from which another price counts is named once."""

    code = "price_breaks_unclear"
    en = "The quantity {quantity} is named twice. Name each quantity break once."
    zh = "数量阶梯 {quantity} 重复。每个阶梯只能填写一次。"


class NoPriceAgreed(Refusal):
    """No price of the supplier covers the line."""

    code = "no_price_agreed"
    en = (
        "Line {line_no}: supplier {supplier_id} has no price for {quantity} {unit} of {item_id} in"
        " {currency} on {day}. Give a unit_cost, or agree a price first."
    )
    zh = (
        "第 {line_no} 行：供应商 {supplier_id} 于 {day} 没有商品 {item_id}（{quantity} {unit}，"
        "{currency}）的价格。请填写单价，或先维护价格。"
    )


@dataclass(eq=False)
class PriceBreak:
    """From so many units on, one costs so much."""

    from_quantity: Decimal
    unit_cost: Decimal


@dataclass(frozen=True)
class Goods:
    """What a price is for."""

    item_id: str
    unit: str
    currency: str


@dataclass(eq=False, kw_only=True)
class Price:
    """A price of a supplier; `valid_to` is its last day, None for until further notice."""

    price_id: UUID
    supplier_id: str
    item_id: str
    unit: str
    currency: str
    valid_from: date
    valid_to: date | None
    set_at: datetime
    set_by: str
    ended_by: str | None = None
    breaks: list[PriceBreak] = field(default_factory=list)

    def must_be_clear(self) -> None:
        """Raise unless the price says of each quantity and day what counts."""
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise PriceDaysCrossed(valid_from=str(self.valid_from), valid_to=str(self.valid_to))
        seen = set[Decimal]()
        for one in self.breaks:
            if one.from_quantity in seen:
                raise BreaksUnclear(quantity=format(one.from_quantity.normalize(), "f"))
            seen.add(one.from_quantity)

    def must_not_overlap(self, others: Iterable["Price"]) -> None:
        """Raise if another price covers one of this one's days."""
        for other in others:
            if other.price_id != self.price_id and _meet(self, other):
                raise PriceOverlap(
                    supplier_id=other.supplier_id,
                    price_id=other.price_id,
                    item_id=other.item_id,
                    unit=other.unit,
                    currency=other.currency,
                    valid_from=str(other.valid_from),
                    valid_to=str(other.valid_to or "∞"),
                )

    def end(self, last_day: date, by: str) -> None:
        """Let the price count until a day, and no longer."""
        self.valid_to, self.ended_by = last_day, by
        self.must_be_clear()

    def covers(self, goods: Goods, day: date) -> bool:
        """Return whether the price is for these goods on that day."""
        mine = Goods(self.item_id, self.unit, self.currency)
        return (
            mine == goods
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )

    def cost_of(self, quantity: Decimal) -> Decimal | None:
        """Return what one unit costs when so many are ordered; None if that is too few."""
        reached = [one for one in self.breaks if one.from_quantity <= quantity]
        return max(reached, key=lambda one: one.from_quantity).unit_cost if reached else None


@dataclass(frozen=True)
class Agreed:
    """The price that was found, and what it says of a quantity."""

    price_id: UUID
    unit_cost: Decimal


def price_for(prices: Sequence[Price], goods: Goods, quantity: Decimal, day: date) -> Agreed | None:
    """Return what was agreed for so many of the goods on that day, if anything was."""
    for price in prices:
        if price.covers(goods, day):
            cost = price.cost_of(quantity)
            return None if cost is None else Agreed(price.price_id, cost)
    return None


def _meet(one: Price, other: Price) -> bool:
    last = min(one.valid_to or date.max, other.valid_to or date.max)
    return max(one.valid_from, other.valid_from) <= last
