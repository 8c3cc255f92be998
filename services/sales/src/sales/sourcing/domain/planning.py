"""Which warehouses ship what of a wish: the fewest shipments first, and then the nearest.

The asking site's own warehouse is the nearest there is. After it come the sites the shop prefers,
in the order it states, then the others by distance, those of unknown distance last; ties are
decided by the ids of site and warehouse. Of plans with as many shipments the one counts whose
first warehouse comes first in that order, then whose second does, and so on: each gives what it
can of every line, and the next one the rest.

To find the fewest of many is a covering problem, which no one solves fast for any number: up to
`TOGETHER_MAX` shipments of the first `NARROW` warehouses that have any of the goods are tried
each with each; past that, whoever completes most lines is added until nothing is missing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from sales.sourcing.domain.sources import (
    Free,
    Goods,
    Mode,
    Need,
    Place,
    Plan,
    Rule,
    Shipping,
    Source,
    Stock,
)

NARROW = 12
TOGETHER_MAX = 4
SHIPMENTS_MAX = 8
NONE = Decimal(0)


@dataclass(frozen=True)
class Choice:
    """What is chosen from: sources in their order, what is needed, and what they have of it."""

    needs: Sequence[Need]
    sources: Sequence[Source]
    stock: Stock

    def plans(self, mode: Mode, tried: Collection[frozenset[Place]] = ()) -> Iterator[Plan]:
        """Yield plans, the best first, without those whose warehouses were tried before."""
        useful = [one for one in sorted(self.sources, key=lambda one: one.order) if self.has(one)]
        if mode is Mode.NEAREST:
            together = [[one] for one in useful]
        else:
            narrow = useful[:NARROW]
            together = [[one] for one in useful] + [
                list(some)
                for count in range(2, TOGETHER_MAX + 1)
                for some in combinations(narrow, count)
            ]
        for some in together:
            plan = self._plan(some, _rule(some))
            if plan is not None and plan.places not in tried:
                yield plan
        if mode is Mode.SPLIT:
            cover = self._plan(self._cover(useful), Rule.COVER)
            if cover is not None and cover.places not in tried:
                yield cover

    def has(self, source: Source) -> dict[int, Decimal]:
        """Return how much of each line a source has, if it ships nothing of the others."""
        free = self._free(source)
        found = {need.line_no: need.most(Fraction(need.quantity), free) for need in self.needs}
        return {line_no: _decimal(much) for line_no, much in found.items() if much}

    def _plan(self, sources: Sequence[Source], rule: Rule) -> Plan | None:
        """Let each source give what it can; None if that is too little, or one gives nothing."""
        if not self._enough(sources):
            return None
        left = {need.line_no: Fraction(need.quantity) for need in self.needs}
        shippings = [Shipping(one, self._given(one, left)) for one in sources]
        if not shippings or any(left.values()) or not all(one.lines for one in shippings):
            return None
        return Plan(rule, tuple(shippings))

    @cached_property
    def _wanted(self) -> Mapping[Goods, Decimal]:
        wanted = defaultdict[Goods, Decimal](Decimal)
        for need in self.needs:
            for part in need.parts:
                wanted[part.goods] += part.quantity
        return wanted

    def _enough(self, sources: Sequence[Source]) -> bool:
        """Tell whether they have enough in all, which most have not: the rest takes longer."""
        stocks = [self.stock.get(one.place, {}) for one in sources]
        return all(
            sum(stock.get(goods, NONE) for stock in stocks) >= much
            for goods, much in self._wanted.items()
        )

    def _given(self, source: Source, left: dict[int, Fraction]) -> dict[int, Decimal]:
        free, given = self._free(source), dict[int, Decimal]()
        for need in self.needs:
            much = need.most(left[need.line_no], free)
            if much:
                need.take(much, free)
                left[need.line_no] -= much
                given[need.line_no] = _decimal(much)
        return given

    def _cover(self, useful: Sequence[Source]) -> list[Source]:
        left = {need.line_no: Fraction(need.quantity) for need in self.needs}
        chosen, others = list[Source](), list(useful)
        while any(left.values()) and others and len(chosen) < SHIPMENTS_MAX:
            best = max(others, key=lambda one: self._completes(one, left))
            self._given(best, left)
            chosen.append(best)
            others.remove(best)
        return sorted(chosen, key=lambda one: one.order)

    def _completes(self, source: Source, left: Mapping[int, Fraction]) -> tuple[int, int]:
        """Return how many lines a source would complete, and how many it has some of."""
        rest = dict(left)
        given = self._given(source, rest)
        return sum(not rest[line_no] for line_no in given), len(given)

    def _free(self, source: Source) -> Free:
        return {goods: Fraction(much) for goods, much in self.stock.get(source.place, {}).items()}


def _rule(sources: Sequence[Source]) -> Rule:
    if len(sources) > 1:
        return Rule.FEWEST
    return Rule.OWN_SITE if sources[0].is_own else Rule.NEAREST


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)
