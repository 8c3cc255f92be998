"""A line of a return to a supplier, and what is owed less for it."""

from dataclasses import dataclass
from decimal import Decimal

from purchasing.returns.domain.states import GoodsStatus
from purchasing.settlement.domain import AMOUNTS, Share

ZERO = Decimal(0)


@dataclass(eq=False, kw_only=True)
class ReturnLine:
    """How much of a receipt's line goes back, in the item's base unit, and where it lies."""

    line_no: int
    receipt_line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    batch_id: str = ""
    serials: tuple[str, ...] = ()
    warehouse_id: str
    goods_status: GoodsStatus | None = None
    """What the goods are; None of a reversal, whose goods inventory takes as they are."""
    returned_before: Decimal | None = None
    """How much of the receipt's line had gone back before, once it is booked."""
    unowed_quantity: Decimal | None = None
    """For how much of it less was owed, since it was not invoiced, and by what amounts."""
    unowed_net: Decimal | None = None
    unowed_tax: Decimal | None = None
    unowed_books_net: Decimal | None = None
    unowed_books_tax: Decimal | None = None

    def note_unowed(self, share: Share) -> None:
        """Keep what was owed less for it: that is owed again should the return be reversed."""
        for name in ("quantity", *AMOUNTS):
            setattr(self, f"unowed_{name}", getattr(share, name))

    @property
    def unowed(self) -> Share | None:
        """Return what was owed less for it, where something was owed by then."""
        if self.unowed_quantity is None:
            return None
        return Share(
            quantity=self.unowed_quantity,
            net=self.unowed_net or ZERO,
            tax=self.unowed_tax or ZERO,
            books_net=self.unowed_books_net or ZERO,
            books_tax=self.unowed_books_tax or ZERO,
        )
