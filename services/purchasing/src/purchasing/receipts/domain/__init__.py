"""Receipts: opened by a scan, counted, audited, posted, and booked by inventory."""

from purchasing.receipts.domain.openings import Opening, scan_of
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
    NotAudited,
    NotDraft,
    NothingExpected,
    OpeningAbandoned,
    OpeningElsewhere,
    OpeningUsed,
    OrderElsewhere,
    SiteNotChosen,
    UnknownOpening,
    UnknownReceipt,
    VersionConflict,
)
from purchasing.receipts.domain.refused_goods import RefusalReason, RefusedGoods
from purchasing.receipts.domain.sums import sum_by_order_line

__all__ = [
    "DECIDED",
    "AlreadyPosted",
    "AuditorCounted",
    "CountMissing",
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
    "SiteNotChosen",
    "UnknownOpening",
    "UnknownPhoto",
    "UnknownReceipt",
    "VersionConflict",
    "scan_of",
    "sum_by_order_line",
]
