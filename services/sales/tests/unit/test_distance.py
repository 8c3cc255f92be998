"""Distances: the same as in floating point, and without any of it in the domain."""

from decimal import Decimal
from math import asin, cos, pi, radians, sin, sqrt

from hypothesis import given
from hypothesis import strategies as st

from sales.sourcing.domain.distance import Position, metres_between

RADIUS_M = 6371008.8
SHANGHAI = Position(Decimal("31.230416"), Decimal("121.473701"))
BEIJING = Position(Decimal("39.904200"), Decimal("116.407396"))
positions = st.builds(
    Position,
    st.decimals(-90, 90, places=6),
    st.decimals(-180, 180, places=6),
)


def by_floats(one: Position, other: Position) -> float:
    north, south = radians(float(one.latitude)), radians(float(other.latitude))
    east = radians(float(other.longitude - one.longitude))
    share = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(east / 2) ** 2
    return 2 * RADIUS_M * asin(min(1.0, sqrt(share)))


def test_from_shanghai_to_beijing_it_is_as_far_as_people_say() -> None:
    assert 1_066_000 < metres_between(SHANGHAI, BEIJING) < 1_070_000


@given(positions, positions)
def test_it_is_as_far_as_the_formula_says_and_as_far_back(one: Position, other: Position) -> None:
    metres = metres_between(one, other)
    assert metres == metres_between(other, one)
    # Near the antipodes floating point loses digits, decimals don't.
    assert abs(metres - by_floats(one, other)) <= 1 + (metres > 20_000_000) * 100


@given(positions)
def test_nothing_is_away_from_itself_and_the_antipode_is_half_way_round(one: Position) -> None:
    assert metres_between(one, one) == 0
    east = one.longitude + 180 if one.longitude <= 0 else one.longitude - 180
    there = Position(-one.latitude, east)
    assert abs(metres_between(one, there) - RADIUS_M * pi) <= 1
