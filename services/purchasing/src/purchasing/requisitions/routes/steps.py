"""HTTP: what becomes of a requisition, from the draft to its end."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict

from contracts.wire import Name
from purchasing.reference.routes.versions import Expected
from purchasing.requisitions.routes.requisitions import ByAsker
from purchasing.requisitions.routes.views import RequisitionOut, shown
from purchasing.requisitions.use_cases.step_requisition import (
    Step,
    approve_requisition,
    cancel_requisition,
    close_requisition,
    reject_requisition,
    send_back_requisition,
    submit_requisition,
)
from purchasing.settings import settings_of
from servicekit.auth import Caller
from servicekit.http.routing import CurrentContext, Session, allow, command_router

Approver = Annotated[Caller, Depends(allow("buyer", "shop_manager", "finance"))]
"""Whose limit reaches far enough; the limits of orders say who that is."""

commands = command_router("requisitions")


def approvers(requisition_id: UUID, caller: Approver, expected: Expected) -> Step:
    """Return a step that whoever may approve takes with a requisition."""
    return Step(requisition_id, caller, expected)


ByApprover = Annotated[Step, Depends(approvers)]


class Reason(BaseModel):
    """Why it is done."""

    model_config = ConfigDict(extra="forbid")

    reason: Name


@commands.post("/requisitions/{requisition_id}/submit")
async def submit(step: ByAsker, answer: Response, session: Session) -> RequisitionOut:
    """Ask for the approval of a draft."""
    return await shown(session, await submit_requisition(session, step), answer)


@commands.post("/requisitions/{requisition_id}/approve")
async def approve(
    step: ByApprover, answer: Response, session: Session, context: CurrentContext
) -> RequisitionOut:
    """Approve a requisition that somebody else wrote."""
    currency = settings_of(context).currency
    return await shown(session, await approve_requisition(session, step, currency), answer)


@commands.post("/requisitions/{requisition_id}/reject")
async def reject(
    step: ByApprover, body: Reason, answer: Response, session: Session
) -> RequisitionOut:
    """Refuse a requisition for good."""
    refused = replace(step, reason=body.reason)
    return await shown(session, await reject_requisition(session, refused), answer)


@commands.post("/requisitions/{requisition_id}/send-back")
async def send_back(
    step: ByApprover, body: Reason, answer: Response, session: Session
) -> RequisitionOut:
    """Return a requisition to its author, who may change it."""
    returned = replace(step, reason=body.reason)
    return await shown(session, await send_back_requisition(session, returned), answer)


@commands.post("/requisitions/{requisition_id}/close")
async def close(step: ByAsker, body: Reason, answer: Response, session: Session) -> RequisitionOut:
    """Give up what is not ordered of a requisition; what is ordered stays."""
    closed = replace(step, reason=body.reason)
    return await shown(session, await close_requisition(session, closed), answer)


@commands.post("/requisitions/{requisition_id}/cancel")
async def cancel(step: ByAsker, body: Reason, answer: Response, session: Session) -> RequisitionOut:
    """Cancel a requisition of which nothing is ordered."""
    cancelled = replace(step, reason=body.reason)
    return await shown(session, await cancel_requisition(session, cancelled), answer)
