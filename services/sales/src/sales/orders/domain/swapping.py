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
    a line of its own, behind the others. Kits are asked for by their parts, as they are held: so
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
    return [replace(line, line_no=number) for number, line in enumerate(kept + besides, start=1)]


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
