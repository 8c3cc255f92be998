"""How far the sides of an item are apart."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from inventory.insight.domain.differences import Cause, Sides, differing, share

quantities = st.integers(0, 10**6).map(Decimal)


@given(quantities, quantities)
def test_sides_that_say_the_same_do_not_differ(quantity: Decimal, counted: Decimal) -> None:
    sides = Sides(quantity, quantity, 7, counted, counted, quantity, 7)
    assert (sides.differences, sides.rate, sides.behind) == ({}, 0, False)


@given(quantities, quantities, quantities)
def test_the_rate_is_a_share_and_zero_only_without_a_difference(
    ledger: Decimal, balance: Decimal, costed: Decimal
) -> None:
    sides = Sides(ledger, balance, 3, costed=costed, costed_sequence=3)
    assert 0 <= sides.rate <= 1
    assert (ledger == balance == costed) or sides.differences


def test_each_difference_names_its_cause() -> None:
    sides = Sides(Decimal(10), Decimal(9), 3, Decimal(6), Decimal(8), Decimal(11), 3)
    assert sides.differences == {Cause.BALANCE: -1, Cause.COSTING: 1, Cause.COUNT: -2}
    assert sides.rate == Decimal("0.2")


def test_costing_that_has_not_valued_every_entry_yet_says_nothing() -> None:
    sides = Sides(Decimal(10), Decimal(10), 3, costed=Decimal(4), costed_sequence=2)
    assert (sides.behind, sides.differences) == (True, {})


def test_goods_that_the_books_do_not_know_differ_wholly() -> None:
    assert Sides(Decimal(0), Decimal(1), 1).rate == 1


def test_the_share_of_items_that_differ() -> None:
    same, other = Sides(Decimal(1), Decimal(1), 1), Sides(Decimal(1), Decimal(2), 1)
    assert share(differing([same, other, same]), 3) == Decimal("0.333333")
    assert share(0, 0) == 0
