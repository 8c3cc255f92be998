"""Count sheets from the opening to the books, over HTTP."""

from typing import Annotated

from fastapi import Depends, Request, Response

from inventory.counting.routes.bodies import AuditBody, CountsBody, RecountBody, SheetBody
from inventory.counting.routes.steps import Step, step_of
from inventory.counting.routes.views import (
    RecordedView,
    RecountView,
    SheetView,
    recorded,
    shown,
)
from inventory.counting.use_cases.approve_sheet import approve_sheet
from inventory.counting.use_cases.audit_sheet import audit_sheet
from inventory.counting.use_cases.cancel_sheet import cancel_sheet
from inventory.counting.use_cases.open_sheet import open_sheet
from inventory.counting.use_cases.record_counts import record_counts
from inventory.counting.use_cases.recount_lines import recount_lines
from inventory.settings import APPROVING, AUDITING, COUNTING
from servicekit.auth import Caller
from servicekit.http.problems import language_of
from servicekit.http.routing import Session, allow, command_router

commands = command_router("counting")

Opener = Annotated[Caller, Depends(allow(*AUDITING))]
CountStep = Annotated[Step, Depends(step_of(*COUNTING))]
AuditStep = Annotated[Step, Depends(step_of(*AUDITING))]
ApproveStep = Annotated[Step, Depends(step_of(*APPROVING))]


@commands.post("/count-sheets", status_code=201)
async def post_sheet(
    body: SheetBody, response: Response, session: Session, caller: Opener
) -> SheetView:
    """Open a sheet of the places to count; none of them may be on another open one."""
    caller.must_cover(body.site_id)
    sheet = await open_sheet(session, body.asked(), caller.subject)
    return await shown(session, sheet, response)


@commands.post("/count-sheets/{sheet_id}/counts")
async def post_counts(
    body: CountsBody, session: Session, step: CountStep, request: Request
) -> list[RecordedView]:
    """Record counts, each taken or refused on its own; they may come late and be repeated."""
    told = [one.told() for one in body.counts]
    taken = await record_counts(session, step.sheet, told, step.actor.user_id)
    return [recorded(one, language_of(request)) for one in taken]


@commands.post("/count-sheets/{sheet_id}/recount")
async def post_recount(
    body: RecountBody, response: Response, session: Session, step: AuditStep
) -> RecountView:
    """Have lines counted once more by somebody else; an audit is undone."""
    again = await recount_lines(session, step.sheet, body.lines, step.actor)
    view = await shown(session, step.sheet, response)
    return RecountView(**view.model_dump(), recounted=again)


@commands.post("/count-sheets/{sheet_id}/audit")
async def post_audit(
    body: AuditBody, response: Response, session: Session, step: AuditStep
) -> SheetView:
    """Take the counts for true and draft gain and loss documents; counters can't."""
    sheet = await audit_sheet(session, step.sheet, body.left_alone, step.actor)
    return await shown(session, sheet, response)


@commands.post("/count-sheets/{sheet_id}/approve")
async def post_approval(response: Response, session: Session, step: ApproveStep) -> SheetView:
    """Post the gain and loss documents, all or none, and close the sheet; the auditor can't.

    Where goods are missing that are promised, `shortages` says of each line what is there, which
    orders hold most of it (`allocated_by`), and how many others hold how much
    (`allocated_by_others`).
    """
    return await shown(session, await approve_sheet(session, step.sheet, step.actor), response)


@commands.post("/count-sheets/{sheet_id}/cancel")
async def post_cancellation(response: Response, session: Session, step: AuditStep) -> SheetView:
    """Give up a sheet that was not approved; the books stay as they are."""
    return await shown(session, await cancel_sheet(session, step.sheet, step.actor), response)
