"""Receipts: opened by a scan, counted, audited, posted, and booked by inventory."""

from purchasing.receipts.domain.openings import Opening
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
    sum_by_order_line,
)
from purchasing.receipts.domain.refusals import (
    AlreadyPosted,
    AuditorCounted,
    CountMissing,
    NotAudited,
    NotDraft,
    NothingExpected,
    OpeningElsewhere,
    OpeningUsed,
    OrderElsewhere,
    SiteNotChosen,
    UnknownOpening,
    UnknownReceipt,
    VersionConflict,
)

__all__ = [
    "DECIDED",
    "AlreadyPosted",
    "AuditorCounted",
    "CountMissing",
    "NotAudited",
    "NotDraft",
    "NothingExpected",
    "Opening",
    "OpeningElsewhere",
    "OpeningUsed",
    "OrderElsewhere",
    "Photo",
    "PhotoOfCancelled",
    "PhotosEnough",
    "Receipt",
    "ReceiptLine",
    "ReceiptStatus",
    "SiteNotChosen",
    "UnknownOpening",
    "UnknownPhoto",
    "UnknownReceipt",
    "VersionConflict",
    "sum_by_order_line",
]
