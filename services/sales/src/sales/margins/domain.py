"""Which shipped lines bear a correction of the cost of sales.

Costing says of a correction only which receipt it is about, since an average cost does not know
whose goods were sold. So the lines that left after that receipt and before the correction bear it,
each in proportion to what of it had not come back by then: all of the correction is borne, to the
cent. What no line can bear, since the goods left in another way, stays with none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

CENT = Decimal("0.01")
ZERO = Decimal(0)
Stream = tuple[str, str]
"""A site and an item: costing numbers what it tells by them."""


@dataclass(frozen=True, kw_only=True)
class LineGone:
    """A shipped line, and how much of it had not come back by the time of a correction."""

    shipment_id: UUID
    line_no: int
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class Share:
    """What a line bears of a correction."""

    shipment_id: UUID
    line_no: int
    amount: Decimal


def shares_of(amount: Decimal, lines: Sequence[LineGone]) -> Iterator[Share]:
    """Share a correction out among lines, in the order given, so that nothing is left."""
    whole = sum((line.quantity for line in lines), ZERO)
    gone = borne = ZERO
    for line in lines:
        gone += line.quantity
        due = (amount * gone / whole).quantize(CENT, ROUND_HALF_UP) if whole else ZERO
        if due != borne:
            yield Share(shipment_id=line.shipment_id, line_no=line.line_no, amount=due - borne)
        borne = due
