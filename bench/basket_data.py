"""Which of the year's real baskets a leg sells: those of the busiest stores, one each in turn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from demo.data import Basket, baskets_of
from demo.plan import offer

WEEKS = range(1, 54)
"""The whole year: no week has all stores."""


@dataclass(frozen=True)
class Crowd:
    """The baskets of so many stores."""

    stores: int
    baskets: tuple[Basket, ...]

    @property
    def lines(self) -> int:
        """How many lines they have."""
        return sum(len(basket.lines) for basket in self.baskets)


def crowds(table: Any, store_counts: Iterable[int], baskets: int) -> list[Crowd]:
    """Return as many baskets for each number of stores, as far as the data go.

    The stores with the most baskets come first; each gives its first basket, then its second, and
    so on. What can't be sold (no positive quantity) is left out, as the demo does.
    """
    queues = _by_store(table)
    ranked = sorted(queues, key=lambda store: (-len(queues[store]), int(store)))
    chosen = {
        count: in_turn([queues[store] for store in ranked[:count]], baskets)
        for count in store_counts
    }
    wanted = sorted({basket for ids in chosen.values() for basket in ids})
    kept = table.filter(pc.is_in(table["basket_id"], value_set=pa.array(wanted)))
    sold = {one.basket_id: one for one in offer(baskets_of(kept)).orders}
    return [
        Crowd(min(count, len(ranked)), tuple(sold[number] for number in ids if number in sold))
        for count, ids in chosen.items()
    ]


def _by_store(table: Any) -> dict[str, list[int]]:
    """Return the baskets of each store in the order in which they were bought."""
    bought = "transaction_timestamp"
    heads = table.group_by(["store_id", "basket_id"]).aggregate([(bought, "min")])
    ordered = heads.sort_by([(f"{bought}_min", "ascending"), ("basket_id", "ascending")])
    queues: dict[str, list[int]] = {}
    pairs = zip(ordered["store_id"].to_pylist(), ordered["basket_id"].to_pylist(), strict=True)
    for store, basket in pairs:
        queues.setdefault(str(store), []).append(basket)
    return queues


def in_turn(queues: Sequence[Sequence[int]], count: int) -> list[int]:
    """Return so many: the first of each, then the second of each."""
    taken: list[int] = []
    longest = max(map(len, queues), default=0)
    for turn in range(longest):
        for queue in queues:
            if len(taken) == count:
                return taken
            if turn < len(queue):
                taken.append(queue[turn])
    return taken
