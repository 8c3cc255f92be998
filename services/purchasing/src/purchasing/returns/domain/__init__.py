"""The rules of returns to suppliers: what may go back, and what is owed less for it."""

from purchasing.returns.domain.purchase_return import PurchaseReturn
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
from purchasing.returns.domain.return_line import ReturnLine
from purchasing.returns.domain.reversal import ReturnReversal, ReversalStatus
from purchasing.returns.domain.reversal_refusals import (
    ClaimCleared,
    ReversalRefused,
    ReversalUnderWay,
    UnknownReversal,
)
from purchasing.returns.domain.settling import (
    Invoiced,
    claimed_line,
    owed_again,
    split,
)
from purchasing.returns.domain.states import (
    DECIDED,
    SHOWN,
    VOID,
    GoodsStatus,
    ReturnCause,
    ReturnStatus,
)

__all__ = [
    "DECIDED",
    "SHOWN",
    "VOID",
    "ClaimCleared",
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
    "ReturnReversal",
    "ReturnStatus",
    "ReversalIsWhole",
    "ReversalRefused",
    "ReversalStatus",
    "ReversalUnderWay",
    "UnknownReturn",
    "UnknownReversal",
    "claimed_line",
    "must_be_returnable",
    "owed_again",
    "split",
]
