"""What leaves is what is held, for what the order said: all at once, or in parts to the cent."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from typing import Protocol

from sales.orders.domain.lines import HeldLine, OrderLine
from sales.shipments.domain.refusals import PartNamesOtherUnits, PartNotHeld, PartTooLarge
from sales.shipments.domain.shipment import ShipmentLine

CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class PartWanted:
    """How much of a line that is held is to leave, in base units, and which units of it."""

    line_no: int
    quantity: Decimal
    serials: tuple[str, ...] = ()


class Taken(Protocol):
    """How much of a line is gone, and which units of it."""

    @property
    def line_no(self) -> int:
        """Return the line's number."""

    @property
    def quantity(self) -> Decimal:
        """Return how much, in base units."""

    @property
    def serials(self) -> Sequence[str]:
        """Return which units, if they are told apart."""


@dataclass(frozen=True)
class Rest:
    """What of a line that is held has not left yet."""

    whole: ShipmentLine
    gone: Decimal = Decimal(0)
    serials: tuple[str, ...] = ()

    @property
    def quantity(self) -> Decimal:
        """Return how much can still leave."""
        return self.whole.quantity - self.gone

    def part(self, quantity: Decimal, serials: Sequence[str]) -> ShipmentLine:
        """Return a line for so much more. The amounts of all parts add up to that of the line."""
        after = self._amount_of(self.gone + quantity)
        amount = after - self._amount_of(self.gone)
        return replace(self.whole, quantity=quantity, amount=amount, serials=tuple(serials))

    def _amount_of(self, quantity: Decimal) -> Decimal:
        share = self.whole.amount * quantity / self.whole.quantity
        return share.quantize(CENT, ROUND_DOWN)


def rests(whole: Iterable[ShipmentLine], before: Iterable[ShipmentLine]) -> dict[int, Rest]:
    """Return what has not left yet, by line, after what has left before."""
    return without(
        {line.line_no: Rest(line, serials=tuple(line.serials)) for line in whole}, before
    )


def without(left: Mapping[int, Rest], taken: Iterable[Taken]) -> dict[int, Rest]:
    """Return what is left when so much more is taken, by line."""
    less = dict(left)
    for line in taken:
        rest = less.get(line.line_no)
        if rest is not None:
            serials = tuple(one for one in rest.serials if one not in line.serials)
            less[line.line_no] = Rest(rest.whole, rest.gone + line.quantity, serials)
    return {line_no: rest for line_no, rest in less.items() if rest.quantity > 0}


def parts_leaving(
    number: str, left: Mapping[int, Rest], wanted: Sequence[PartWanted]
) -> tuple[ShipmentLine, ...]:
    """Return the lines of a shipment of so much; of everything that is left if nothing is named.

    Raises `PartNotHeld`, `PartTooLarge` or `PartNamesOtherUnits`.
    """
    if not wanted:
        return tuple(
            left[line_no].part(left[line_no].quantity, left[line_no].serials)
            for line_no in sorted(left)
        )
    must_be_left(number, left, wanted)
    for one in wanted:
        _must_name_its_units(one, left[one.line_no])
    return tuple(
        left[one.line_no].part(one.quantity, one.serials)
        for one in sorted(wanted, key=lambda one: one.line_no)
    )


def must_be_left(number: str, left: Mapping[int, Rest], wanted: Sequence[PartWanted]) -> None:
    """Raise `PartNotHeld` or `PartTooLarge` unless so much is left of lines named once each."""
    numbers = [one.line_no for one in wanted]
    for one in wanted:
        rest = left.get(one.line_no)
        if rest is None or numbers.count(one.line_no) > 1:
            shown = {
                str(line_no): f"{rest.quantity.normalize():f}" for line_no, rest in left.items()
            }
            raise PartNotHeld(number=number, line_no=one.line_no, rest=shown)
        if one.quantity > rest.quantity:
            raise PartTooLarge(
                line_no=one.line_no,
                quantity=f"{one.quantity.normalize():f}",
                left=f"{rest.quantity.normalize():f}",
            )


def _must_name_its_units(wanted: PartWanted, rest: Rest) -> None:
    named = set(wanted.serials)
    counted = len(named) == len(wanted.serials) == wanted.quantity
    if named - set(rest.serials) or (rest.serials and not counted):
        raise PartNamesOtherUnits(
            line_no=wanted.line_no,
            quantity=f"{wanted.quantity.normalize():f}",
            left=sorted(rest.serials),
        )


def lines_leaving(
    ordered: Sequence[OrderLine], held: Sequence[HeldLine], units: Mapping[str, str]
) -> tuple[ShipmentLine, ...]:
    """Return what leaves: exactly what is held, in base units, with the amounts of the order."""
    parts = defaultdict[int, list[HeldLine]](list)
    for one in held:
        parts[one.order_line_no].append(one)
    leaving = [
        ShipmentLine(
            line_no=part.line_no,
            item_id=part.item_id,
            unit=units[part.item_id],
            quantity=part.quantity,
            amount=amount,
            batch_id=part.batch_id,
            serials=part.serials,
        )
        for line in ordered
        for part, amount in _shares(line.amount, parts[line.line_no])
    ]
    return tuple(sorted(leaving, key=lambda line: line.line_no))


def _shares(amount: Decimal, parts: Sequence[HeldLine]) -> Iterator[tuple[HeldLine, Decimal]]:
    """Share an amount in proportion to base quantities, to the cent; the last takes the rest."""
    whole, rest = sum(part.quantity for part in parts), amount
    for part in parts[:-1]:
        share = (amount * part.quantity / whole).quantize(CENT, ROUND_DOWN)
        rest -= share
        yield part, share
    for last in parts[-1:]:
        yield last, rest


def held_as_ordered(ordered: Sequence[OrderLine]) -> list[HeldLine]:
    """Return what is held for an order from before that was kept: just what it asked for."""
    return [
        HeldLine(
            line_no=line.line_no,
            order_line_no=line.line_no,
            item_id=line.item_id,
            quantity=line.quantity,
            batch_id=line.batch_id,
            serials=line.serials,
        )
        for line in ordered
    ]
