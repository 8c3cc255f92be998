"""Receipts: opened by a scan, counted, audited, posted, and booked by inventory."""

from purchasing.receipts.domain.openings import Opening, must_be_in, scan_of
from purchasing.receipts.domain.photos import (
    Photo,
    PhotoOfCancelled,
    PhotosEnough,
    UnknownPhoto,
)
from purchasing.receipts.domain.receipt import (
    DECIDED,
    Receipt,
    ReceiptLine,
    ReceiptStatus,
)
from purchasing.receipts.domain.refusals import (
    AlreadyPosted,
    AuditorCounted,
    CountMissing,
    ExpectedElsewhere,
    NotAudited,
    NotDraft,
    NothingExpected,
    OpeningAbandoned,
    OpeningElsewhere,
    OpeningUsed,
    OrderElsewhere,
    UnknownOpening,
    UnknownReceipt,
    VersionConflict,
    WrongWarehouse,
)
from purchasing.receipts.domain.refused_goods import RefusalReason, RefusedGoods
from purchasing.receipts.domain.sums import sum_by_order_line

__all__ = [
    "DECIDED",
    "AlreadyPosted",
    "AuditorCounted",
    "CountMissing",
    "ExpectedElsewhere",
    "NotAudited",
    "NotDraft",
    "NothingExpected",
    "Opening",
    "OpeningAbandoned",
    "OpeningElsewhere",
    "OpeningUsed",
    "OrderElsewhere",
    "Photo",
    "PhotoOfCancelled",
    "PhotosEnough",
    "Receipt",
    "ReceiptLine",
    "ReceiptStatus",
    "RefusalReason",
    "RefusedGoods",
    "UnknownOpening",
    "UnknownPhoto",
    "UnknownReceipt",
    "VersionConflict",
    "WrongWarehouse",
    "must_be_in",
    "scan_of",
    "sum_by_order_line",
]
