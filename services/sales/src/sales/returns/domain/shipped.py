"""What has left with a line of a shipment, and what of it can still come back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sales.returns.domain.refusals import (
    ReturnedGoodsDiffer,
    ReturnExceedsShipment,
    ShipmentLinesUnclear,
)

CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class LineWanted:
    """What came back of a line of a shipment, in base units."""

    shipment_line_no: int
    quantity: Decimal
    batch_id: str = ""
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ShippedLine:
    """A line that left, and what returns that were not cancelled say of it.

    `claimed` counts drafts too, so that two of them can't both bring back the last piece;
    `returned` and `refunded` only what was posted.
    """

    line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    amount: Decimal
    batch_id: str = ""
    serials: tuple[str, ...] = ()
    claimed: Decimal = ZERO
    claimed_serials: frozenset[str] = frozenset()
    returned: Decimal = ZERO
    refunded: Decimal = ZERO

    @property
    def returnable(self) -> Decimal:
        """Return how much can still come back."""
        return self.quantity - self.claimed

    @property
    def returnable_serials(self) -> tuple[str, ...]:
        """Return which units can still come back."""
        return tuple(one for one in self.serials if one not in self.claimed_serials)

    @property
    def rest(self) -> LineWanted:
        """Return all that can still come back."""
        return LineWanted(
            shipment_line_no=self.line_no,
            quantity=self.returnable,
            batch_id=self.batch_id,
            serials=self.returnable_serials,
        )

    def refund(self, quantity: Decimal) -> Decimal:
        """Return what is paid back for so much more: its share, to the cent.

        What was paid back for all parts together is the share of them all, so that the last part
        takes the rest and nothing is left over.
        """
        back = self.returned + quantity
        due = (self.amount * back / self.quantity).quantize(CENT, ROUND_HALF_UP)
        return due - self.refunded

    def names(self, wanted: LineWanted) -> bool:
        """Tell whether exactly the batch and the units are named that can come back."""
        if wanted.batch_id != self.batch_id:
            return False
        if not self.serials:
            return not wanted.serials
        named = set(wanted.serials)
        return len(wanted.serials) == len(named) == wanted.quantity and named <= set(
            self.returnable_serials
        )


def must_be_returnable(
    number: str, wanted: Sequence[LineWanted], shipped: Mapping[int, ShippedLine]
) -> None:
    """Raise unless all of this left with the shipment and can come back; name every bad line."""
    named = Counter(one.shipment_line_no for one in wanted)
    unclear = [
        {"line_no": no, "shipment_line_no": one.shipment_line_no}
        for no, one in enumerate(wanted, start=1)
        if one.shipment_line_no not in shipped or named[one.shipment_line_no] > 1
    ]
    if unclear:
        known = ", ".join(str(line_no) for line_no in sorted(shipped))
        raise ShipmentLinesUnclear(number=number, known=known, lines=unclear)
    pairs = [(no, one, shipped[one.shipment_line_no]) for no, one in enumerate(wanted, start=1)]
    over = [_over(*pair) for pair in pairs if pair[1].quantity > pair[2].returnable]
    if over:
        raise ReturnExceedsShipment(number=number, lines_over=len(over), lines=over)
    wrong = [_wrong(*pair) for pair in pairs if not pair[2].names(pair[1])]
    if wrong:
        raise ReturnedGoodsDiffer(number=number, lines_wrong=len(wrong), lines=wrong)


def _over(line_no: int, wanted: LineWanted, shipped: ShippedLine) -> dict[str, Any]:
    return {
        "line_no": line_no,
        "shipment_line_no": shipped.line_no,
        "item_id": shipped.item_id,
        "unit": shipped.unit,
        "shipped": _plain(shipped.quantity),
        "returned": _plain(shipped.claimed),
        "requested": _plain(wanted.quantity),
        "returnable": _plain(shipped.returnable),
    }


def _wrong(line_no: int, wanted: LineWanted, shipped: ShippedLine) -> dict[str, Any]:
    return {
        "line_no": line_no,
        "shipment_line_no": shipped.line_no,
        "item_id": shipped.item_id,
        "quantity": _plain(wanted.quantity),
        "batch_shipped": shipped.batch_id,
        "batch_named": wanted.batch_id,
        "serials_returnable": list(shipped.returnable_serials),
        "serials_named": list(wanted.serials),
    }


def _plain(quantity: Decimal) -> str:
    return format(quantity.normalize(), "f")
