"""The rules of stock documents: who may do what to which, and what posting them moves."""

from inventory.documents.domain.code import code_of, document_in
from inventory.documents.domain.document import StockDocument
from inventory.documents.domain.draft import Draft
from inventory.documents.domain.frozen_refusals import BreachLasts, RecalledStaysFrozen
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
from inventory.documents.domain.transfers import must_be_dispatched, must_be_sent_to

__all__ = [
    "DONE",
    "OPEN",
    "RULES",
    "Actor",
    "AlreadyPosted",
    "AlreadyReversed",
    "Arrival",
    "BreachLasts",
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
    "RecalledStaysFrozen",
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
    "code_of",
    "document_in",
    "document_of",
    "moves_back",
    "moves_of",
    "must_be_dispatched",
    "must_be_sent_to",
    "reversal_of",
    "sent_by",
    "undo_transit",
]
