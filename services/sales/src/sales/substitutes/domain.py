"""What stands in for an item on a day, in which order, and how much of it does."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from servicekit.errors import Refusal


class NotSubstitute(Refusal):
    """Nobody said that one stands in for the other."""

    code = "not_a_substitute"
    en = (
        "Line {line_no}: item {item_id} doesn't stand in for {substitute_for} on {day}. Say so at"
        " inventory first, or order it for its own sake."
    )
    zh = (
        "第 {line_no} 行：商品 {item_id} 在 {day} 不是 {substitute_for} 的替代品。"
        "请先在库存服务中设置，或直接下单该商品。"
    )


@dataclass(frozen=True, kw_only=True)
class Substitution:
    """`numerator` base units of the substitute stand for `denominator` of the item."""

    item_id: str
    substitute_id: str
    rank: int
    numerator: int
    denominator: int
    both_ways: bool
    valid_from: date
    valid_to: date | None

    def counts_on(self, day: date) -> bool:
        """Tell whether it counts on a day; it does on its first and on its last."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class StandIn:
    """An item that stands in for another, so many of its base units for one."""

    item_id: str
    ratio: Fraction

    def quantity_for(self, quantity: Decimal, scale: int) -> Decimal:
        """Return how much of it stands in for a quantity: the next that can be counted out."""
        steps = -(-Fraction(quantity) * self.ratio * 10**scale // 1)
        return Decimal(int(steps)).scaleb(-scale)


def stand_ins(known: Iterable[Substitution], item_id: str, day: date) -> list[StandIn]:
    """Return what stands in for an item, the best first: what was said of it before what wasn't.

    What it stands in for itself, both ways, comes after what stands in for it.
    """
    ranked = sorted(_sides(known, item_id, day), key=lambda one: (*one[0], one[1].item_id))
    first = dict[str, StandIn]()
    for _, stand_in in ranked:
        first.setdefault(stand_in.item_id, stand_in)
    return list(first.values())


def _sides(
    known: Iterable[Substitution], item_id: str, day: date
) -> Iterator[tuple[tuple[bool, int], StandIn]]:
    for one in known:
        if not one.counts_on(day):
            continue
        ratio = Fraction(one.numerator, one.denominator)
        if one.item_id == item_id:
            yield (False, one.rank), StandIn(one.substitute_id, ratio)
        elif one.both_ways and one.substitute_id == item_id:
            yield (True, one.rank), StandIn(one.item_id, 1 / ratio)


def must_stand_in(
    known: Iterable[Substitution], stood_for: Mapping[int, tuple[str, str]], day: date
) -> None:
    """Raise for the first line whose item doesn't stand in for what it is said to."""
    said = list(known)
    for line_no, (item_id, substitute_for) in sorted(stood_for.items()):
        if item_id not in {one.item_id for one in stand_ins(said, substitute_for, day)}:
            raise NotSubstitute(
                line_no=line_no, item_id=item_id, substitute_for=substitute_for, day=str(day)
            )
