"""What suppliers say about receipts, and what is owed for these until they are invoiced."""

from purchasing.settlement.domain.accrual import Accrual, AccrualCause, AccrualStatus
from purchasing.settlement.domain.confirmation import (
    Answer,
    Confirmation,
    ConfirmationLine,
    ConfirmationStep,
)
from purchasing.settlement.domain.owed import AMOUNTS, AccrualLine, Share, accrued_line, cents
from purchasing.settlement.domain.refusals import (
    AccrualListTooLong,
    AlreadyAccrued,
    LinesNamedTwice,
    NoGeneralVatRate,
    NotAccrued,
    NothingDecided,
    UnknownAccrual,
    UnknownReceiptLines,
    UnknownVatRate,
)
from purchasing.settlement.domain.verdicts import (
    ConfirmationStatus,
    Correction,
    DisputeReason,
    LineVerdict,
)

__all__ = [
    "AMOUNTS",
    "Accrual",
    "AccrualCause",
    "AccrualLine",
    "AccrualListTooLong",
    "AccrualStatus",
    "AlreadyAccrued",
    "Answer",
    "Confirmation",
    "ConfirmationLine",
    "ConfirmationStatus",
    "ConfirmationStep",
    "Correction",
    "DisputeReason",
    "LineVerdict",
    "LinesNamedTwice",
    "NoGeneralVatRate",
    "NotAccrued",
    "NothingDecided",
    "Share",
    "UnknownAccrual",
    "UnknownReceiptLines",
    "UnknownVatRate",
    "accrued_line",
    "cents",
]
