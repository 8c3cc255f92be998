"""What should come out: the same baskets sold from the same goods by plain arithmetic.

Pure, and on purpose made without a line of the platform's own code.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from math import prod

from demo.data import Basket, Line
from demo.plan import Pair

CENT = Decimal("0.01")
ROUNDING = ROUND_HALF_EVEN
# Beyond so many states the orders are not worked out any more, but bounded.
STATES_MAX = 5_000
Range = tuple[Decimal, Decimal]


@dataclass
class Expected:
    """What the platform should say afterwards."""

    shipped: dict[int, Basket] = field(default_factory=dict)
    refused: dict[int, Basket] = field(default_factory=dict)
    left: dict[Pair, int] = field(default_factory=dict)
    issues: defaultdict[Pair, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def units(self) -> int:
        """Units shipped."""
        return sum(order.units for order in self.shipped.values())

    @property
    def cents(self) -> int:
        """Revenue of what was shipped."""
        return sum(order.cents for order in self.shipped.values())

    @property
    def lines(self) -> int:
        """Lines shipped."""
        return sum(len(order.lines) for order in self.shipped.values())


def sell(orders: Iterable[Basket], bought: Mapping[Pair, int]) -> Expected:
    """Sell the orders in their order, each whole or not at all."""
    expected = Expected(left=dict(bought))
    for order in orders:
        asked = _asked(order.site_id, order.lines)
        if any(expected.left.get(pair, 0) < quantity for pair, quantity in asked.items()):
            expected.refused[order.basket_id] = order
            continue
        expected.shipped[order.basket_id] = order
        for pair, quantity in asked.items():
            expected.left[pair] -= quantity
        for line in order.lines:
            expected.issues[order.site_id, line.item_id].append(line.quantity)
    return expected


def _asked(site_id: str, lines: Sequence[Line]) -> Counter[Pair]:
    asked: Counter[Pair] = Counter()
    for line in lines:
        asked[site_id, line.item_id] += line.quantity
    return asked


def received_value(quantity: int, unit_cost: Decimal) -> Decimal:
    """Return what one receipt into an empty shelf is worth in the books."""
    return (quantity * unit_cost).quantize(CENT, ROUNDING)


def values_left(value: Decimal, quantity: int, issues: Collection[int]) -> Range:
    """Return the least and the most that may be left in the books after issues at moving average.

    Shipments of one store may be booked in another order than they were posted in, since they
    are messages of their own; with unequal quantities that may shift a rounded cent. So every
    order is worked out; for all but a few items there is only one outcome.
    """
    rest = quantity - sum(issues)
    if not rest:
        return Decimal(0), Decimal(0)
    kinds = sorted(Counter(issues).items())
    if prod(count + 1 for _, count in kinds) > STATES_MAX:
        middle, slack = value * rest / quantity, CENT / 2 * len(issues)
        return middle - slack, middle + slack

    @cache
    def after(done: tuple[int, ...]) -> Range:
        outcomes = []
        for index, (issued, _) in enumerate(kinds):
            if done[index]:
                before = (*done[:index], done[index] - 1, *done[index + 1 :])
                gone = sum(kind * times for (kind, _), times in zip(kinds, before, strict=True))
                outcomes += [_issue(one, quantity - gone, issued) for one in after(before)]
        return (min(outcomes), max(outcomes)) if outcomes else (value, value)

    return after(tuple(count for _, count in kinds))


def _issue(value: Decimal, on_hand: int, issued: int) -> Decimal:
    """Return what is left of a value; it never falls when the value before was higher."""
    return value - (value * issued / on_hand).quantize(CENT, ROUNDING)
