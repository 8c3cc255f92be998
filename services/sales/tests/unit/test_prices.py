"""A price is found by the level, the quantity and the day; the best promotion comes off it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from sales.prices.domain import (
    Found,
    Goods,
    Price,
    PriceDaysCrossed,
    Promotion,
    Scope,
    ScopeUnclear,
    Source,
    found,
    price_for,
)

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, tzinfo=UTC)
TEA = Goods("tea", "box", "CNY")


def price(unit_price: str, **changes: Any) -> Price:
    given: dict[str, Any] = {
        "level": "standard",
        "item_id": "tea",
        "unit": "box",
        "currency": "CNY",
        "from_quantity": Decimal(0),
        "valid_from": DAY,
        "valid_to": None,
        "unit_price": Decimal(unit_price),
        "set_at": AT,
        "set_by": "max",
    }
    return Price(**{**given, **changes})


def promotion(percent: str, **changes: Any) -> Promotion:
    given: dict[str, Any] = {
        "promotion_id": uuid4(),
        "name": "autumn",
        "scope": Scope.ITEM,
        "scope_name": "tea",
        "percent_off": Decimal(percent),
        "level": None,
        "site_id": None,
        "starts_at": AT,
        "ends_at": AT + timedelta(days=7),
        "set_at": AT,
        "set_by": "max",
    }
    return Promotion(**{**given, **changes})


def unit_price(prices: list[Price], quantity: str = "1", level: str = "gold") -> str | None:
    counts = price_for(prices, level, TEA, Decimal(quantity), DAY)
    return None if counts is None else str(counts.unit_price)


def test_the_customers_own_level_counts_before_the_standard_one() -> None:
    prices = [price("10"), price("12", level="gold"), price("1", level="silver")]
    assert unit_price(prices) == "12"
    assert unit_price(prices, level="bronze") == "10"
    assert unit_price([price("1", level="silver")]) is None


def test_the_largest_quantity_that_is_reached_counts() -> None:
    prices = [
        price("10"),
        price("9", from_quantity=Decimal(5)),
        price("8", from_quantity=Decimal(50)),
    ]
    assert [unit_price(prices, one) for one in ("1", "4.999", "5", "49", "50")] == [
        "10",
        "10",
        "9",
        "9",
        "8",
    ]


def test_the_latest_first_day_counts_until_its_last() -> None:
    before, after = DAY - timedelta(days=1), DAY + timedelta(days=1)
    prices = [price("10", valid_from=before), price("9"), price("1", valid_from=after)]
    assert unit_price(prices) == "9"
    assert unit_price([price("10", valid_from=before, valid_to=before)]) is None
    assert unit_price([price("10", valid_from=before, valid_to=DAY)]) == "10"


@pytest.mark.parametrize("other", [{"item_id": "rice"}, {"unit": "case"}, {"currency": "USD"}])
def test_a_price_is_for_its_own_goods_alone(other: dict[str, str]) -> None:
    assert unit_price([price("10", **other)]) is None


def test_the_best_promotion_is_taken_off_once_to_the_cent() -> None:
    best, second = promotion("12.5"), promotion("10")
    assert found(price("3.333333"), Decimal(3), [second, best]) == Found(
        amount=Decimal("8.75"),
        source=Source.PROMOTION,
        level="standard",
        unit_price=Decimal("3.333333"),
        valid_from=DAY,
        promotion_id=best.promotion_id,
        percent_off=Decimal("12.5"),
    )
    plain = found(price("0.125"), Decimal(1), [])
    assert (plain.amount, plain.source, plain.promotion_id) == (Decimal("0.13"), Source.LIST, None)


def test_of_equal_promotions_one_and_the_same_counts_always() -> None:
    first, last = (promotion("10", promotion_id=UUID(int=number)) for number in (1, 2))
    for order in ([first, last], [last, first]):
        assert found(price("1"), Decimal(1), order).promotion_id == last.promotion_id


def test_a_promotion_is_for_an_item_a_category_or_everything() -> None:
    general = promotion("5", scope=Scope.GENERAL, scope_name="")
    drinks = promotion("5", scope=Scope.CATEGORY, scope_name="drinks")
    assert [one.is_for("tea", "drinks") for one in (promotion("5"), drinks, general)] == [True] * 3
    assert [one.is_for("rice", None) for one in (promotion("5"), drinks, general)] == [
        False,
        False,
        True,
    ]


def test_what_ends_before_it_begins_or_is_for_nothing_clear_is_refused() -> None:
    with pytest.raises(PriceDaysCrossed):
        price("1", valid_to=DAY - timedelta(days=1))
    with pytest.raises(PriceDaysCrossed):
        promotion("5", ends_at=AT)
    with pytest.raises(ScopeUnclear):
        promotion("5", scope_name="")
    with pytest.raises(ScopeUnclear):
        promotion("5", scope=Scope.GENERAL)
