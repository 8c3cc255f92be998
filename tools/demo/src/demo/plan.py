"""What is to be done with the data: which baskets become orders, and what to buy in for them.

Pure: the same data give the same plan, and nothing is dropped without being counted.
"""

import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice

from demo.data import Basket

Pair = tuple[str, str]
"""A site and an item."""

LINES_MAX = 500
SHORT_ONE_IN = 100
COST_SHARE = Decimal("0.7")
COST_STEP = Decimal("0.0001")
COST_RULE = (
    "unit cost = 70 % of the item's mean unit price in the period (sales value / quantity over all"
    " its order lines), rounded half up to 4 decimals, at least 0.0001"
)
SHORT_RULE = (
    "about 1 in 100 site and item pairs (crc32 of `site:item` divisible by 100) are bought short:"
    " half of the need, rounded down"
)


@dataclass
class Offer:
    """The baskets as orders in time order, and what can't be ordered, by cause."""

    orders: list[Basket] = field(default_factory=list)
    lines_left_out: Counter[str] = field(default_factory=Counter)
    baskets_left_out: Counter[str] = field(default_factory=Counter)
    cents_left_out: int = 0

    @property
    def lines(self) -> int:
        """How many order lines there are."""
        return sum(len(order.lines) for order in self.orders)


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """So much of an item at this cost."""

    item_id: str
    quantity: int
    unit_cost: Decimal


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase order for one site."""

    site_id: str
    lines: tuple[PurchaseLine, ...]


def offer(baskets: Iterable[Basket]) -> Offer:
    """Turn baskets into orders; count what can't be an order line, and why."""
    made = Offer()
    for basket in baskets:
        kept = tuple(line for line in basket.lines if line.quantity > 0)
        for line in basket.lines:
            if line.quantity <= 0:
                cause = "quantity_negative" if line.quantity else "quantity_zero"
                made.lines_left_out[cause] += 1
                made.cents_left_out += line.cents
        if not kept:
            made.baskets_left_out["no_line_left"] += 1
        elif len(kept) > LINES_MAX:
            made.baskets_left_out["too_many_lines"] += 1
            made.lines_left_out["basket_with_too_many_lines"] += len(kept)
            made.cents_left_out += sum(line.cents for line in kept)
        else:
            made.orders.append(Basket(basket.basket_id, basket.site_id, basket.at, kept))
    return made


def needs(orders: Iterable[Basket]) -> dict[Pair, int]:
    """Return what the orders ask for, by site and item."""
    asked: Counter[Pair] = Counter()
    for order in orders:
        for line in order.lines:
            asked[order.site_id, line.item_id] += line.quantity
    return dict(asked)


def unit_costs(orders: Iterable[Basket]) -> dict[str, Decimal]:
    """Return each item's unit cost by the rule."""
    cents: Counter[str] = Counter()
    units: Counter[str] = Counter()
    for order in orders:
        for line in order.lines:
            cents[line.item_id] += line.cents
            units[line.item_id] += line.quantity
    return {item: _unit_cost(cents[item], units[item]) for item in units}


def _unit_cost(cents: int, units: int) -> Decimal:
    mean = Decimal(cents) / 100 / units
    return max((mean * COST_SHARE).quantize(COST_STEP, ROUND_HALF_UP), COST_STEP)


def is_short(pair: Pair) -> bool:
    """Tell whether too little is bought on purpose; the same in every run."""
    return zlib.crc32(":".join(pair).encode()) % SHORT_ONE_IN == 0


def buy(asked: Mapping[Pair, int]) -> dict[Pair, int]:
    """Return what to buy: all that is asked for, or half of it where goods are to run out."""
    wanted = {pair: need // 2 if is_short(pair) else need for pair, need in asked.items()}
    return {pair: quantity for pair, quantity in wanted.items() if quantity}


def purchases(bought: Mapping[Pair, int], costs: Mapping[str, Decimal]) -> list[Purchase]:
    """Return purchase orders of up to 500 lines, each for one site."""
    by_site: defaultdict[str, list[PurchaseLine]] = defaultdict(list)
    for (site, item), quantity in sorted(bought.items()):
        by_site[site].append(PurchaseLine(item, quantity, costs[item]))
    return [
        Purchase(site, part) for site, lines in by_site.items() for part in _parts(lines, LINES_MAX)
    ]


def _parts(lines: Collection[PurchaseLine], size: int) -> Iterator[tuple[PurchaseLine, ...]]:
    rest = iter(lines)
    while part := tuple(islice(rest, size)):
        yield part
