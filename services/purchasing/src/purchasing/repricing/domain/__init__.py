"""Corrections of prices: documents that two people agree on."""

from purchasing.repricing.domain.refusals import (
    AmountTooLarge,
    AnotherProposed,
    LinesFree,
    LinesInvoiced,
    PriceUnchanged,
    ProposerApproves,
    RepricingDecided,
    UnknownRepricing,
)
from purchasing.repricing.domain.repricing import (
    Repricing,
    RepricingCause,
    RepricingLine,
    RepricingStatus,
    price_at,
)

__all__ = [
    "AmountTooLarge",
    "AnotherProposed",
    "LinesFree",
    "LinesInvoiced",
    "PriceUnchanged",
    "ProposerApproves",
    "Repricing",
    "RepricingCause",
    "RepricingDecided",
    "RepricingLine",
    "RepricingStatus",
    "UnknownRepricing",
    "price_at",
]
