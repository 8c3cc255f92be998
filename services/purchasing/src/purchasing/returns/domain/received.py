"""What has come with a line of a receipt, and what of it can still go back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from purchasing.orders.domain import plain
from purchasing.returns.domain.refusals import (
    ReceiptLinesUnclear,
    ReturnedPurchaseDiffers,
    ReturnExceedsReceipt,
)
from purchasing.returns.domain.states import GoodsStatus

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class LineWanted:
    """What goes back of a line of a receipt, and where it lies."""

    receipt_line_no: int
    quantity: Decimal
    unit: str | None = None
    """None for the item's base unit."""
    batch_id: str = ""
    serials: tuple[str, ...] = ()
    warehouse_id: str | None = None
    goods_status: GoodsStatus | None = GoodsStatus.AVAILABLE


@dataclass(frozen=True, kw_only=True)
class ReceivedLine:
    """A line that came, and what returns that were not cancelled say of it.

    `claimed` counts drafts too, so that two of them can't both send back the last piece.
    """

    line_no: int
    order_line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    warehouse_id: str
    batch_id: str = ""
    serials: tuple[str, ...] = ()
    claimed: Decimal = ZERO
    claimed_serials: frozenset[str] = frozenset()

    @property
    def returnable(self) -> Decimal:
        """Return how much can still go back."""
        return self.quantity - self.claimed

    @property
    def returnable_serials(self) -> tuple[str, ...]:
        """Return which units can still go back."""
        return tuple(one for one in self.serials if one not in self.claimed_serials)

    @property
    def whole(self) -> LineWanted:
        """Return all that came, in whatever status it is."""
        return LineWanted(
            receipt_line_no=self.line_no,
            quantity=self.quantity,
            batch_id=self.batch_id,
            serials=self.serials,
            goods_status=None,
        )

    def names(self, wanted: LineWanted) -> bool:
        """Tell whether exactly the batch and the units are named that can go back."""
        if wanted.batch_id != self.batch_id:
            return False
        if not self.serials:
            return not wanted.serials
        named = set(wanted.serials)
        return len(wanted.serials) == len(named) == wanted.quantity and named <= set(
            self.returnable_serials
        )


def must_be_returnable(
    number: str, wanted: Sequence[LineWanted], received: Mapping[int, ReceivedLine]
) -> None:
    """Raise unless all of this came with the receipt and can go back; name every bad line."""
    named = Counter(one.receipt_line_no for one in wanted)
    unclear = [
        {"line_no": no, "receipt_line_no": one.receipt_line_no}
        for no, one in enumerate(wanted, start=1)
        if one.receipt_line_no not in received or named[one.receipt_line_no] > 1
    ]
    if unclear:
        known = ", ".join(str(line_no) for line_no in sorted(received))
        raise ReceiptLinesUnclear(number=number, known=known, lines=unclear)
    pairs = [(no, one, received[one.receipt_line_no]) for no, one in enumerate(wanted, start=1)]
    over = [_over(*pair) for pair in pairs if pair[1].quantity > pair[2].returnable]
    if over:
        raise ReturnExceedsReceipt(number=number, lines_over=len(over), lines=over)
    wrong = [_wrong(*pair) for pair in pairs if not pair[2].names(pair[1])]
    if wrong:
        raise ReturnedPurchaseDiffers(number=number, lines_wrong=len(wrong), lines=wrong)


def _over(line_no: int, wanted: LineWanted, received: ReceivedLine) -> dict[str, Any]:
    return {
        "line_no": line_no,
        "receipt_line_no": received.line_no,
        "item_id": received.item_id,
        "unit": received.unit,
        "received": plain(received.quantity),
        "returned": plain(received.claimed),
        "requested": plain(wanted.quantity),
        "returnable": plain(received.returnable),
    }


def _wrong(line_no: int, wanted: LineWanted, received: ReceivedLine) -> dict[str, Any]:
    return {
        "line_no": line_no,
        "receipt_line_no": received.line_no,
        "item_id": received.item_id,
        "quantity": plain(wanted.quantity),
        "batch_received": received.batch_id,
        "batch_named": wanted.batch_id,
        "serials_returnable": list(received.returnable_serials),
        "serials_named": list(wanted.serials),
    }
