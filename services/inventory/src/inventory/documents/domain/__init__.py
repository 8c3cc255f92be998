"""The rules of stock documents: who may do what to which, and what posting them moves."""

from inventory.documents.domain.document import StockDocument
from inventory.documents.domain.draft import Draft
from inventory.documents.domain.kinds import RULES, DocumentKind, Need, Rules
from inventory.documents.domain.line import DocumentLine, DraftLine
from inventory.documents.domain.making import document_of, reversal_of
from inventory.documents.domain.moves import (
    Arrival,
    Move,
    Transit,
    moves_back,
    moves_of,
    sent_by,
    undo_transit,
)
from inventory.documents.domain.refusals import (
    AlreadyPosted,
    AlreadyReversed,
    CostNotTaken,
    CostWithoutCurrency,
    DocumentIncomplete,
    EffectiveInFuture,
    NotDispatched,
    NothingInTransit,
    NotOnDispatch,
    NotReversible,
    SamePlace,
    SecondPersonNeeded,
    StatusNotPossible,
    UnknownDocument,
    VersionConflict,
    WrongDestination,
    WrongStatus,
)
from inventory.documents.domain.steps import DONE, OPEN, Actor, DocumentStatus

__all__ = [
    "DONE",
    "OPEN",
    "RULES",
    "Actor",
    "AlreadyPosted",
    "AlreadyReversed",
    "Arrival",
    "CostNotTaken",
    "CostWithoutCurrency",
    "DocumentIncomplete",
    "DocumentKind",
    "DocumentLine",
    "DocumentStatus",
    "Draft",
    "DraftLine",
    "EffectiveInFuture",
    "Move",
    "Need",
    "NotDispatched",
    "NotOnDispatch",
    "NotReversible",
    "NothingInTransit",
    "Rules",
    "SamePlace",
    "SecondPersonNeeded",
    "StatusNotPossible",
    "StockDocument",
    "Transit",
    "UnknownDocument",
    "VersionConflict",
    "WrongDestination",
    "WrongStatus",
    "document_of",
    "moves_back",
    "moves_of",
    "reversal_of",
    "sent_by",
    "undo_transit",
]
