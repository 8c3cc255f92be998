"""Requisitions: what a site asks for, who agreed, and how much of it is ordered."""

from purchasing.demand.domain.lines import Cover, RequisitionLine, plain
from purchasing.demand.domain.refusals import (
    ApproverAsked,
    MoreThanOpen,
    RequisitionChanged,
    RequisitionPartlyOrdered,
    RequisitionStepRefused,
    UnknownRequisition,
    UnknownRequisitionLine,
)
from purchasing.demand.domain.requisition import (
    Requisition,
    RequisitionStatus,
    RequisitionStep,
)

__all__ = [
    "ApproverAsked",
    "Cover",
    "MoreThanOpen",
    "Requisition",
    "RequisitionChanged",
    "RequisitionLine",
    "RequisitionPartlyOrdered",
    "RequisitionStatus",
    "RequisitionStep",
    "RequisitionStepRefused",
    "UnknownRequisition",
    "UnknownRequisitionLine",
    "plain",
]
