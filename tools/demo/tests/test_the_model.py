"""The independent model: all or nothing per basket, moving average to the cent."""

from datetime import datetime
from decimal import Decimal
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from demo.data import Basket, Line
from demo.model import CENT, ROUNDING, received_value, sell, values_left

MOMENT = datetime(2017, 1, 9)  # noqa: DTZ001 - as in the data


def basket(number: int, *lines: tuple[str, int], site: str = "1") -> Basket:
    """Return a basket of (item, quantity) lines at a cent a unit."""
    return Basket(number, site, MOMENT, tuple(Line(i, q, q) for i, q in lines))


def test_a_basket_is_sold_whole_or_not_at_all() -> None:
    expected = sell([basket(1, ("a", 1), ("b", 2))], {("1", "a"): 5, ("1", "b"): 1})
    assert list(expected.refused) == [1]
    assert expected.left == {("1", "a"): 5, ("1", "b"): 1}
    assert (expected.units, expected.cents, expected.lines) == (0, 0, 0)


def test_goods_that_a_refused_basket_did_not_take_are_there_for_the_next() -> None:
    orders = [basket(1, ("a", 3), ("b", 1)), basket(2, ("a", 2)), basket(3, ("a", 2))]
    expected = sell(orders, {("1", "a"): 3})
    assert (list(expected.shipped), list(expected.refused)) == ([2], [1, 3])
    assert expected.left == {("1", "a"): 1}
    assert expected.issues == {("1", "a"): [2]}


def test_stores_do_not_share_their_goods() -> None:
    expected = sell([basket(1, ("a", 1), site="2")], {("1", "a"): 9})
    assert list(expected.refused) == [1]


def test_two_lines_of_one_item_are_asked_for_together() -> None:
    assert list(sell([basket(1, ("a", 2), ("a", 2))], {("1", "a"): 3}).refused) == [1]


def test_fuel_bought_by_the_ten_thousand_is_worth_what_it_cost() -> None:
    assert received_value(27_632, Decimal("0.0015")) == Decimal("41.45")


def test_nothing_is_left_in_the_books_when_nothing_is_left_on_the_shelf() -> None:
    assert values_left(Decimal("10.00"), 3, [1, 1, 1]) == (Decimal(0), Decimal(0))


def test_equal_issues_have_only_one_outcome() -> None:
    assert values_left(Decimal("10.00"), 4, [1, 1]) == (Decimal("5.00"), Decimal("5.00"))
    assert values_left(Decimal("10.00"), 5, []) == (Decimal("10.00"), Decimal("10.00"))


@given(
    value=st.decimals("0", "20", places=2),
    rest=st.integers(1, 5),
    issues=st.lists(st.integers(1, 4), max_size=5),
)
def test_the_extremes_are_those_of_all_orders_of_the_issues(
    value: Decimal, rest: int, issues: list[int]
) -> None:
    outcomes = []
    for order in permutations(issues):
        left, on_hand = value, rest + sum(issues)
        for issued in order:
            left -= (left * issued / on_hand).quantize(CENT, ROUNDING)
            on_hand -= issued
        outcomes.append(left)
    assert values_left(value, rest + sum(issues), issues) == (min(outcomes), max(outcomes))


def test_too_many_orders_to_work_out_are_bounded() -> None:
    low, high = values_left(Decimal("100.00"), 1_000, list(range(1, 31)))
    exact = Decimal(100) * (1_000 - 465) / 1_000
    assert low <= exact <= high
    assert high - low == CENT * 30
