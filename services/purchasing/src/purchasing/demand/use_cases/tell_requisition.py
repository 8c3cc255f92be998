"""Tell the world what a site asks for, and what became of it."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import (
    RequisitionApproved,
    RequisitionCancelled,
    RequisitionClosed,
    RequisitionItem,
    RequisitionOrdered,
    RequisitionRejected,
    RequisitionReopened,
    RequisitionSubmitted,
)
from purchasing.demand.domain import Requisition, RequisitionStatus
from servicekit import outbox
from servicekit.clock import now

TOLD = {
    RequisitionStatus.SUBMITTED: RequisitionSubmitted,
    RequisitionStatus.APPROVED: RequisitionApproved,
    RequisitionStatus.REJECTED: RequisitionRejected,
    RequisitionStatus.CANCELLED: RequisitionCancelled,
    RequisitionStatus.CLOSED: RequisitionClosed,
}


async def tell_step(
    session: AsyncSession, requisition: Requisition, by: str, reason: str | None = None
) -> None:
    """Say where a requisition stands now; of drafts nothing is said."""
    event = TOLD.get(requisition.status)
    if event is not None:
        await outbox.add(session, [event(**_facts(requisition, by, reason))])


async def tell_ordered(
    session: AsyncSession, requisition: Requisition, by: str, reason: str
) -> None:
    """Say that more of it is ordered than before, and that it closed if that was all."""
    facts = _facts(requisition, by, reason)
    closed = [RequisitionClosed(**facts)] if requisition.status is RequisitionStatus.CLOSED else []
    await outbox.add(session, [RequisitionOrdered(**facts), *closed])


async def tell_reopened(
    session: AsyncSession, requisition: Requisition, by: str, reason: str
) -> None:
    """Say that less of it is ordered than before: something is to be ordered again."""
    await outbox.add(session, [RequisitionReopened(**_facts(requisition, by, reason))])


def _facts(requisition: Requisition, by: str, reason: str | None) -> dict[str, Any]:
    return {
        "requisition_id": requisition.requisition_id,
        "number": requisition.number,
        "site_id": requisition.site_id,
        "author": requisition.author,
        "at": now(),
        "user_id": by,
        "reason": reason,
        "lines": tuple(
            RequisitionItem(
                line_no=line.line_no,
                item_id=line.item_id,
                warehouse_id=line.warehouse_id,
                needed_by=line.needed_by,
                quantity=line.base_quantity,
                ordered=line.ordered,
                open=line.open,
                supplier_id=line.supplier_id,
            )
            for line in requisition.lines
        ),
    }
