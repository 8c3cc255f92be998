"""How old goods are: what came first left first, so what is left came last."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from inventory.insight.domain.ageing import BOUNDS_DAYS, Layer, by_age, left_of
from servicekit.clock import now

AT = now()


def came(*layers: tuple[int, int]) -> list[Layer]:
    """Return layers of days ago and quantity."""
    return [Layer(AT - timedelta(days=days), Decimal(quantity)) for days, quantity in layers]


def test_what_is_left_came_last() -> None:
    left = left_of(Decimal(7), came((1, 5), (40, 5), (400, 5)))
    assert left == came((1, 5), (40, 2))
    assert by_age(left, AT) == [5, 2, 0, 0, 0, 0]


def test_what_no_layer_explains_is_as_old_as_the_oldest() -> None:
    assert left_of(Decimal(9), came((1, 2), (200, 3))) == came((1, 2), (200, 7))


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 99)), min_size=1, max_size=9),
    st.integers(0, 500),
)
def test_nothing_is_lost_or_invented(layers: list[tuple[int, int]], on_hand: int) -> None:
    sums = by_age(left_of(Decimal(on_hand), came(*sorted(layers))), AT)
    assert (sum(sums), len(sums)) == (on_hand, len(BOUNDS_DAYS) + 1)
