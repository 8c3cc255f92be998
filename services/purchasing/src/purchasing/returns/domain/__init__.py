"""The rules of returns to suppliers: what may go back, and what is owed less for it."""

from purchasing.returns.domain.purchase_return import (
    DECIDED,
    GoodsStatus,
    PurchaseReturn,
    ReturnCause,
    ReturnLine,
    ReturnStatus,
)
from purchasing.returns.domain.received import LineWanted, ReceivedLine, must_be_returnable
from purchasing.returns.domain.refusals import (
    GoodsNotThere,
    NoteMissing,
    NothingToReturn,
    ReceiptNotBooked,
    ReceiptReturnedInPart,
    ReturnLinesMissing,
    ReturnRefused,
    ReversalIsWhole,
    UnknownReturn,
)
from purchasing.returns.domain.settling import Invoiced, claimed_line, split

__all__ = [
    "DECIDED",
    "GoodsNotThere",
    "GoodsStatus",
    "Invoiced",
    "LineWanted",
    "NoteMissing",
    "NothingToReturn",
    "PurchaseReturn",
    "ReceiptNotBooked",
    "ReceiptReturnedInPart",
    "ReceivedLine",
    "ReturnCause",
    "ReturnLine",
    "ReturnLinesMissing",
    "ReturnRefused",
    "ReturnStatus",
    "ReversalIsWhole",
    "UnknownReturn",
    "claimed_line",
    "must_be_returnable",
    "split",
]
