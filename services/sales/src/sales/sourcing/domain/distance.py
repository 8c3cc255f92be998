"""How far it is between two places on earth, as the crow flies.

The haversine formula, as R. W. Sinnott gives it ("Virtues of the Haversine", Sky & Telescope 68
(2), 1984, p. 159): exact on a sphere, and well-conditioned for places that are close together.
The earth is taken for a sphere of its mean radius R1 (IUGG), which is wrong by half a percent at
most: enough to choose between shops. All of it is decimal arithmetic, the same on every machine:
sine and cosine by their series, as the documentation of Python's `decimal` has them, and the arc
tangent by its own after its argument is made small.
"""

from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache

RADIUS_M = Decimal("6371008.8")
PI = Decimal("3.141592653589793238462643383280")
DIGITS = Context(prec=30)
SMALL = Decimal("1e-25")
PAIRS_KEPT = 100_000
HALVINGS = 3


@dataclass(frozen=True)
class Position:
    """Degrees north and east (WGS 84)."""

    latitude: Decimal
    longitude: Decimal


@lru_cache(PAIRS_KEPT)
def metres_between(one: Position, other: Position) -> int:
    """Return the distance in whole metres."""
    north = _radians(other.latitude - one.latitude)
    east = _radians(other.longitude - one.longitude)
    share = _square(_sine(north / 2)) + (
        _cosine(_radians(one.latitude))
        * _cosine(_radians(other.latitude))
        * _square(_sine(east / 2))
    )
    share = min(max(share, Decimal(0)), Decimal(1))
    if share == 1:
        return round(RADIUS_M * PI)
    # The arc sine of the root, by the arc tangent: no digits are lost near either end.
    angle = _arc_tangent(DIGITS.sqrt(share) / DIGITS.sqrt(1 - share))
    return round(2 * RADIUS_M * angle)


def _radians(degrees: Decimal) -> Decimal:
    return DIGITS.divide(degrees * PI, Decimal(180))


def _square(number: Decimal) -> Decimal:
    return number * number


def _sine(angle: Decimal) -> Decimal:
    return _series(angle, angle, 1)


def _cosine(angle: Decimal) -> Decimal:
    return _series(Decimal(1), angle, 0)


def _series(first: Decimal, angle: Decimal, power: int) -> Decimal:
    """Return the sum of a series whose terms alternate and grow by two powers of the angle."""
    term = total = first
    squared = _square(angle)
    while abs(term) > SMALL:
        power += 2
        term = -term * squared / (power * (power - 1))
        total += term
    return total


def _arc_tangent(tangent: Decimal) -> Decimal:
    """Return the angle of a tangent of zero or more: of a part of it, so that few terms do."""
    for _ in range(HALVINGS):
        tangent = tangent / (1 + DIGITS.sqrt(1 + tangent * tangent))
    power, total = tangent, tangent
    odd, squared = 1, _square(tangent)
    while abs(power) > SMALL:
        odd += 2
        power = -power * squared
        total += power / odd
    return total * Decimal(2**HALVINGS)
