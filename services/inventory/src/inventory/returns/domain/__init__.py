"""What goes back to suppliers, and how returns are taken back that were posted by mistake."""

from inventory.returns.domain.reversal import (
    LINE_NO_MAX,
    Part,
    ReturnedGoodsGone,
    ReturnedUnit,
    ReturnNotInLedger,
    ReturnReversal,
    parts_of,
)
from inventory.returns.domain.supplier import (
    GoodsNotThere,
    Held,
    ReceiptNotInLedger,
    ReturnedLine,
    Source,
    SupplierReturn,
    choose,
)

__all__ = [
    "LINE_NO_MAX",
    "GoodsNotThere",
    "Held",
    "Part",
    "ReceiptNotInLedger",
    "ReturnNotInLedger",
    "ReturnReversal",
    "ReturnedGoodsGone",
    "ReturnedLine",
    "ReturnedUnit",
    "Source",
    "SupplierReturn",
    "choose",
    "parts_of",
]
