"""An order of which a part is there: the part is the order, the rest waits as an order of its own.

The amounts of a line and of its rest add up to what the line came to, to the cent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

from sales.orders.domain.lines import BatchChoice, OrderLine

CENT = Decimal("0.01")


@dataclass(frozen=True)
class PartHeld:
    """How much of a line is held, in the unit it was asked for, and which units of it."""

    quantity: Decimal
    serials: tuple[str, ...] = ()


NOTHING = PartHeld(Decimal(0))


@dataclass(frozen=True)
class Split:
    """What of an order is there, and what is not."""

    kept: list[OrderLine]
    """Numbered on from the lines whose place they take."""
    rest: list[OrderLine]
    """Numbered from 1, for they are another order's."""
    kept_of: dict[int, int]
    """By number of what is kept, and of what is left, the number of the line it is of."""
    rest_of: dict[int, int]


def is_part(lines: Sequence[OrderLine], held: Mapping[int, PartHeld]) -> bool:
    """Tell whether less is held than the lines ask for."""
    return any(
        held.get(place, NOTHING).quantity < line.quantity
        for place, line in enumerate(lines, start=1)
    )


def split(lines: Sequence[OrderLine], held: Mapping[int, PartHeld]) -> Split:
    """Part lines by what is held of each, which is said by its place among them, from 1."""
    made, number = Split([], [], {}, {}), max(line.line_no for line in lines)
    for place, line in enumerate(lines, start=1):
        part = held.get(place, NOTHING)
        amount = share(line, part.quantity)
        if part.quantity:
            number += 1
            serials = part.serials if line.serials else ()
            made.kept.append(
                replace(
                    line, line_no=number, quantity=part.quantity, amount=amount, serials=serials
                )
            )
            made.kept_of[number] = line.line_no
        if missing := line.quantity - part.quantity:
            made.rest.append(
                replace(
                    line,
                    line_no=len(made.rest) + 1,
                    quantity=missing,
                    amount=line.amount - amount,
                    batch_id="" if line.batch_choice is BatchChoice.FEFO else line.batch_id,
                    serials=tuple(one for one in line.serials if one not in part.serials),
                )
            )
            made.rest_of[len(made.rest)] = line.line_no
    return made


def share(line: OrderLine, quantity: Decimal) -> Decimal:
    """Return what a part of a line comes to, in whole cents."""
    if quantity == line.quantity:
        return line.amount
    return (line.amount * quantity / line.quantity).quantize(CENT, ROUND_DOWN)
