"""How old goods on hand are: first in, first out, so what is left came last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

ZERO = Decimal(0)
BOUNDS_DAYS = (30, 60, 90, 180, 365)
"""Where one age ends and the next begins; the last has no end."""


@dataclass(frozen=True)
class Layer:
    """Goods that came together."""

    came_at: datetime
    quantity: Decimal


def left_of(on_hand: Decimal, newest_first: Iterable[Layer]) -> list[Layer]:
    """Return what is left of each layer, the newest first; the oldest takes what is over."""
    left: list[Layer] = []
    rest = on_hand
    for layer in newest_first:
        if rest <= 0:
            break
        left.append(Layer(layer.came_at, min(layer.quantity, rest)))
        rest -= left[-1].quantity
    if rest > 0 and left:
        left[-1] = Layer(left[-1].came_at, left[-1].quantity + rest)
    return left


def by_age(left: Iterable[Layer], at: datetime) -> list[Decimal]:
    """Return how much is of each age, the youngest first: one figure more than there are bounds."""
    sums = [ZERO] * (len(BOUNDS_DAYS) + 1)
    for layer in left:
        days = (at - layer.came_at).days
        sums[sum(days >= bound for bound in BOUNDS_DAYS)] += layer.quantity
    return sums
