"""A part of an order: of each line as much as there is, in whole steps of how it was asked for.

A step is what the customer can be sold of it: of kits one kit, of whole cases one case, of a line
in base units the least that the item is counted in, of units named by number one of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from inventory.reservations.domain.assortment import Assortment, Wanted
from inventory.reservations.domain.reservation import Reservation, ReservedLine
from inventory.reservations.domain.shortage import NOTHING, Shortage
from inventory.stock.domain import ZERO, Balance, Place

Named = Mapping[int, Sequence[str]]
"""By line, the units named by number that can be held."""


@dataclass(frozen=True)
class Step:
    """The least of a line that can be held, in the unit it was asked for."""

    asked: Fraction
    size: Fraction

    @classmethod
    def of(cls, assortment: Assortment, wanted: Wanted, line_no: int) -> "Step":
        """Return the step of a line of the order: never less than can be written in base units."""
        line = wanted.lines[line_no - 1]
        item = assortment.items[line.item_id]
        if line.unit is None or line.unit == item.base_unit:
            return cls(Fraction(line.quantity), Fraction(1, 10**item.scale))
        exponent = line.quantity.normalize().as_tuple().exponent
        size = Fraction(10) ** min(int(exponent), 0)
        ratio = assortment.units[item.item_id].conversions[line.unit].ratio
        grain = (ratio * size * 10**item.scale).denominator
        return cls(Fraction(line.quantity), size * grain)

    def most(self, drawn: Iterable[Shortage]) -> Fraction:
        """Return how much of the line can be held, given what its parts draw on."""
        return min(self._whole(Fraction(one.left) * self._share(one.line)) for one in drawn)

    def cut(self, line: ReservedLine, held: Fraction) -> ReservedLine:
        """Return a part of the line, or of a component, for so much of it."""
        quantity = _exact(held / self._share(line))
        unit_quantity = None if line.unit_quantity is None else _exact(held)
        return replace(line, quantity=quantity, outstanding=quantity, unit_quantity=unit_quantity)

    def _share(self, line: ReservedLine) -> Fraction:
        return self.asked / Fraction(line.quantity)

    def _whole(self, quantity: Fraction) -> Fraction:
        return min(self.asked, quantity // self.size * self.size)


def hold_what_there_is(
    order: tuple[Assortment, Wanted],
    understood: Reservation,
    balances: Mapping[Place, Balance],
    named: Named,
) -> tuple[list[ReservedLine], list[Shortage]]:
    """Return the lines that can be held, under their numbers, and those that are short.

    Earlier lines come first, as they do where all or nothing is held.
    """
    taken, kept, short = dict[Place, Decimal](), list[ReservedLine](), list[Shortage]()
    for line_no, parts in _together(understood.lines):
        drawn = [_drawn(understood, part, taken, balances, named) for part in parts]
        step = Step.of(*order, line_no)
        held = step.most(drawn)
        short += [one for one in drawn if one.short > 0]
        if not held:
            continue
        for part in parts:
            line = step.cut(part, held)
            if part.serials:
                line.serials = tuple(named[part.line_no][: int(line.quantity)])
            kept.append(line)
            place = understood.place_of(part)
            taken[place] = taken.get(place, ZERO) + line.quantity
    return kept, short


def _drawn(
    understood: Reservation,
    part: ReservedLine,
    taken: Mapping[Place, Decimal],
    balances: Mapping[Place, Balance],
    named: Named,
) -> Shortage:
    place = understood.place_of(part)
    there = Decimal(len(named[part.line_no])) if part.serials else None
    return Shortage(part, taken.get(place, ZERO), balances.get(place, NOTHING), there)


def _together(lines: Sequence[ReservedLine]) -> Iterator[tuple[int, list[ReservedLine]]]:
    """Give what is held for each line of the order: the line itself, or the components of a kit."""
    parts = dict[int, list[ReservedLine]]()
    for line in lines:
        parts.setdefault(line.kit_line_no or line.line_no, []).append(line)
    yield from parts.items()


def _exact(quantity: Fraction) -> Decimal:
    return Decimal(quantity.numerator) / Decimal(quantity.denominator)
