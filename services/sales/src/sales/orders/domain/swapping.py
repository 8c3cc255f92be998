"""Other batches or units of the same goods are in hand than those that are held for an order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sales.orders.domain.lines import HeldLine, OrderLine


@dataclass(frozen=True, kw_only=True)
class InHand:
    """What somebody has in hand of a line that is held, in base units."""

    line_no: int
    quantity: Decimal
    batch_id: str = ""
    serials: tuple[str, ...] = ()

    def is_of(self, held: HeldLine) -> bool:
        """Tell whether it is what is held, or a part of it."""
        return self.batch_id == held.batch_id and set(self.serials) <= set(held.serials)


@dataclass(frozen=True, kw_only=True)
class SwapLine:
    """A line as it is to be held, in base units, and what of it is in hand."""

    line_no: int
    order_line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    batch_id: str = ""
    serials: Sequence[str] = ()
    unit_version: int | None = None
    gift: bool = False
    """It may be of what is not for sale: it is given away, or a part of a kit that is sold."""
    in_hand: Decimal | None = None
    serials_in_hand: Sequence[str] = ()


def swapped(
    held: Sequence[HeldLine],
    hands: Mapping[int, InHand],
    ordered: Sequence[OrderLine],
    units: Mapping[str, str],
) -> list[SwapLine]:
    """Return what is to be held so that what is in hand is, by line of what is held now.

    Of a line of which only a part is in hand, the rest stays held as it is; what is in hand is then
    a line of its own, behind the others. A unit in hand that another line holds changes places with
    one that is not wanted any more. Kits are asked for by their parts, as they are held: so
    neither goods nor quantities change, however kits or units were defined since.
    """
    given = {line.line_no: line for line in ordered}
    kept, besides = list[SwapLine](), list[SwapLine]()
    for one in held:
        line = _as_held(one, given[one.order_line_no], units[one.item_id])
        hand = hands.get(one.line_no)
        in_place, *behind = [line] if hand is None else _parted(line, hand)
        kept.append(in_place)
        besides += behind
    lines = _each_unit_once(kept + besides, held)
    return [replace(line, line_no=number) for number, line in enumerate(lines, start=1)]


def _as_held(held: HeldLine, ordered: OrderLine, unit: str) -> SwapLine:
    return SwapLine(
        line_no=held.line_no,
        order_line_no=held.order_line_no,
        item_id=held.item_id,
        unit=unit,
        quantity=held.quantity,
        batch_id=held.batch_id,
        serials=tuple(held.serials),
        unit_version=held.unit_version,
        gift=ordered.gift or ordered.item_id != held.item_id,
    )


def _parted(line: SwapLine, hand: InHand) -> list[SwapLine]:
    """Return a line with what is in hand of it, or what is left of it and what is in hand."""
    if hand.batch_id == line.batch_id and (line.serials or not hand.serials):
        serials = _with(line.serials, hand.serials)
        taken = replace(line, serials=serials)
        return [replace(taken, in_hand=hand.quantity, serials_in_hand=hand.serials)]
    other = replace(
        line,
        quantity=hand.quantity,
        batch_id=hand.batch_id,
        serials=hand.serials,
        in_hand=hand.quantity,
        serials_in_hand=hand.serials,
    )
    if hand.quantity == line.quantity:
        return [other]
    left = tuple(line.serials)[int(hand.quantity) :]
    return [replace(line, quantity=line.quantity - hand.quantity, serials=left), other]


def _with(held: Sequence[str], in_hand: Sequence[str]) -> tuple[str, ...]:
    """Return as many units as are held, with those in hand among them."""
    others = [one for one in held if one not in in_hand]
    more = sum(one not in held for one in in_hand)
    return (*in_hand, *others[more:])


def _each_unit_once(lines: Sequence[SwapLine], held: Sequence[HeldLine]) -> list[SwapLine]:
    """Return lines each unit of which is on the line where it is in hand, if it is anywhere.

    Lines that lose units by that get some that were held and are on no line any more.
    """
    in_hand = {(line.item_id, one) for line in lines for one in line.serials_in_hand}
    own = [
        [
            one
            for one in line.serials
            if one in line.serials_in_hand or (line.item_id, one) not in in_hand
        ]
        for line in lines
    ]
    kept = {(line.item_id, one) for line, its in zip(lines, own, strict=True) for one in its}
    free = [
        (line.item_id, line.batch_id, one)
        for line in held
        for one in line.serials
        if (line.item_id, one) not in kept
    ]
    in_place, behind = list[SwapLine](), list[SwapLine]()
    for line, its in zip(lines, own, strict=True):
        first, *others = _refilled(line, its, free) if len(its) < len(line.serials) else [line]
        in_place.append(first)
        behind += others
    return in_place + behind


def _refilled(
    line: SwapLine, own: Sequence[str], free: list[tuple[str, str, str]]
) -> list[SwapLine]:
    """Return a line with so many of the free units as it lacks, of its own batch if there are any.

    Units of another batch are a line of their own.
    """
    lacking = len(line.serials) - len(own)
    fitting = [one for one in free if one[0] == line.item_id]
    taken = sorted(fitting, key=lambda one: one[1] != line.batch_id)[:lacking]
    of_batch = {line.batch_id: [*own]}
    for one in taken:
        free.remove(one)
        of_batch.setdefault(one[1], []).append(one[2])
    pieces = [
        replace(line, quantity=Decimal(len(its)), batch_id=batch_id, serials=tuple(its))
        for batch_id, its in of_batch.items()
        if its
    ]
    return [
        one if one.batch_id == line.batch_id else replace(one, in_hand=None, serials_in_hand=())
        for one in pieces
    ]
