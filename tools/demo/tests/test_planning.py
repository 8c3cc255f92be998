"""What becomes of the baskets, and what is bought for them."""

from datetime import datetime
from decimal import Decimal

import pytest

from demo.data import Basket, Line
from demo.plan import buy, is_short, needs, offer, purchases, unit_costs

MOMENT = datetime(2017, 1, 9)  # noqa: DTZ001 - as in the data
PLENTY = ("1", "2")
SHORT = next(("1", str(item)) for item in range(10_000) if is_short(("1", str(item))))


def basket(number: int, *lines: tuple[str, int, int], site: str = "1") -> Basket:
    """Return a basket of (item, quantity, cents) lines."""
    return Basket(number, site, MOMENT, tuple(Line(*line) for line in lines))


def test_a_line_of_quantity_zero_is_left_out_and_counted() -> None:
    made = offer([basket(1, ("a", 0, 0), ("b", 1, 50))])
    assert [line.item_id for line in made.orders[0].lines] == ["b"]
    assert (made.lines_left_out, made.lines, made.cents_left_out) == ({"quantity_zero": 1}, 1, 0)


def test_what_a_line_that_is_left_out_had_cost_is_counted_too() -> None:
    made = offer([basket(1, ("a", 0, 30), ("b", -1, -20), ("c", 1, 1))])
    assert made.lines_left_out == {"quantity_zero": 1, "quantity_negative": 1}
    assert made.cents_left_out == 10


def test_a_basket_left_without_lines_is_counted_and_not_offered() -> None:
    made = offer([basket(1, ("a", 0, 0)), basket(2, ("a", 1, 1))])
    assert [order.basket_id for order in made.orders] == [2]
    assert made.baskets_left_out == {"no_line_left": 1}


def test_a_basket_with_more_lines_than_an_order_takes_is_counted_and_not_offered() -> None:
    made = offer([basket(1, *[(str(item), 1, 1) for item in range(501)])])
    assert (made.orders, made.baskets_left_out) == ([], {"too_many_lines": 1})
    assert (made.lines_left_out.total(), made.cents_left_out) == (501, 501)


def test_a_line_that_was_given_away_is_an_order_line() -> None:
    assert offer([basket(1, ("a", 1, 0))]).lines == 1


def test_needs_are_summed_by_site_and_item() -> None:
    orders = [basket(1, ("a", 2, 1)), basket(2, ("a", 3, 1)), basket(3, ("a", 5, 1), site="2")]
    assert needs(orders) == {("1", "a"): 5, ("2", "a"): 5}


@pytest.mark.parametrize(
    ("lines", "cost"),
    [
        ([("a", 1, 100)], "0.7"),
        ([("a", 1, 100), ("a", 3, 200)], "0.525"),
        ([("a", 27_632, 5_800)], "0.0015"),
        ([("a", 27_632, 1)], "0.0001"),
        ([("a", 1, 0)], "0.0001"),
        ([("a", 200, 1)], "0.0001"),
        ([("a", 28, 1)], "0.0003"),
    ],
)
def test_a_unit_cost_is_70_percent_of_the_mean_price_and_never_zero(
    lines: list[tuple[str, int, int]], cost: str
) -> None:
    assert unit_costs([basket(1, *lines)]) == {"a": Decimal(cost)}


def test_what_is_needed_is_bought_save_where_goods_are_to_run_out() -> None:
    assert not is_short(PLENTY)
    assert buy({PLENTY: 7, SHORT: 7}) == {PLENTY: 7, SHORT: 3}


def test_half_of_one_is_nothing_and_nothing_is_not_bought() -> None:
    assert buy({SHORT: 1}) == {}


def test_about_one_pair_in_a_hundred_is_bought_short() -> None:
    short = sum(is_short((str(site), str(item))) for site in range(100) for item in range(100))
    assert 60 <= short <= 140


def test_a_purchase_order_has_at_most_500_lines_and_one_site() -> None:
    bought = {("1", f"{item:04}"): 1 for item in range(1_001)} | {("2", "0000"): 9}
    orders = purchases(bought, {f"{item:04}": Decimal(1) for item in range(1_001)})
    assert [(order.site_id, len(order.lines)) for order in orders] == [
        ("1", 500),
        ("1", 500),
        ("1", 1),
        ("2", 1),
    ]
