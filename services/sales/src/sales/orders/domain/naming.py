"""Lines that leave their batches to inventory, and what it proposes for them.

They take the batches in the order in which they are proposed. What no batch covers stays a line
without one, behind all others, for nobody can be asked to hold it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sales.orders.domain.lines import BatchChoice, OrderLine
from sales.orders.domain.splitting import share

Proposal = Mapping[str, Decimal]
"""How much of which batch, in base units, the first to be taken first."""


@dataclass(frozen=True)
class Named:
    """Lines that take the place of an order's, and come to the same; numbered on from those."""

    lines: list[OrderLine] = field(default_factory=list)
    asked: int = 0
    """How many of them, from the first, can be asked for."""
    of: dict[int, int] = field(default_factory=dict)
    """By number of each the number of the line it is of."""


def leave_it_to(lines: Sequence[OrderLine], item_id: str) -> bool:
    """Tell whether all lines of an item without a batch take what is proposed."""
    unnamed = [line for line in lines if line.item_id == item_id and not line.batch_id]
    return bool(unnamed) and all(line.batch_choice is BatchChoice.FEFO for line in unnamed)


def name_batches(lines: Sequence[OrderLine], proposals: Mapping[str, Proposal]) -> Named:
    """Part the lines without a batch by what is proposed for their items."""
    left = {item: _left(lines, item, proposed) for item, proposed in proposals.items()}
    whole, uncovered = list[tuple[OrderLine, OrderLine]](), list[tuple[OrderLine, OrderLine]]()
    for line in lines:
        if line.batch_id or line.item_id not in left:
            whole.append((line, line))
            continue
        for part in _parts(line, left[line.item_id]):
            (whole if part.batch_id else uncovered).append((part, line))
    named, first = Named(asked=len(whole)), max(line.line_no for line in lines) + 1
    for number, (part, line) in enumerate(whole + uncovered, start=first):
        named.lines.append(replace(part, line_no=number))
        named.of[number] = line.line_no
    return named


def _left(lines: Iterable[OrderLine], item_id: str, proposed: Proposal) -> dict[str, Decimal]:
    """Return what is proposed without what other lines take of it by name.

    How much that is of a batch named in another unit nobody knows here; but all that is proposed is
    enough for all, so what they leave of that batch is taken last, and comes out right.
    """
    left, its = dict(proposed), [line for line in lines if line.item_id == item_id]
    units = {line.unit for line in its if not line.batch_id}
    for line in its:
        if line.batch_id not in left:
            continue
        if line.unit in units:
            left[line.batch_id] = max(left[line.batch_id] - line.quantity, Decimal(0))
        else:
            left[line.batch_id] = left.pop(line.batch_id)
    return left


def _parts(line: OrderLine, left: dict[str, Decimal]) -> Iterable[OrderLine]:
    """Give the line by batches, and what they don't cover; the last part has the cents left."""
    quantity, amount = line.quantity, line.amount
    for batch_id, there in left.items():
        if taken := min(quantity, there):
            left[batch_id], quantity = there - taken, quantity - taken
            part = amount if not quantity else share(line, taken)
            amount -= part
            yield replace(line, quantity=taken, amount=part, batch_id=batch_id)
    if quantity:
        yield replace(line, quantity=quantity, amount=amount)
