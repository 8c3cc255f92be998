"""HTTP: reversals of returns and the steps they take."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict

from contracts.wire import Code, Moment, Name
from purchasing.reference.routes import Reader
from purchasing.reference.routes.versions import Expected
from purchasing.returns import queries
from purchasing.returns.domain import ReturnReversal, ReversalStatus
from purchasing.returns.queries import ReversalFilter
from purchasing.returns.routes.returns import Clerk, Decider, Posting
from purchasing.returns.use_cases.audit_reversal import audit_reversal
from purchasing.returns.use_cases.cancel_reversal import cancel_reversal
from purchasing.returns.use_cases.draft_reversal import draft_reversal
from purchasing.returns.use_cases.post_reversal import post_reversal
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import (
    CurrentClaim,
    CurrentContext,
    Session,
    command_router,
    query_router,
    step_router,
)

commands = command_router("returns")
steps = step_router("returns")
queries_router = query_router("returns")


class ReversalIn(BaseModel):
    """Which posted return was a mistake, and why."""

    model_config = ConfigDict(extra="forbid")

    return_id: UUID
    reason: Name


class ReversalOut(BaseModel):
    """A reversal, whose lines are those of its return; `posting` ends when inventory has it."""

    reversal_id: UUID
    number: str
    status: ReversalStatus
    version: int
    return_id: UUID
    return_number: str
    receipt_id: UUID
    order_id: UUID
    supplier_id: str
    site_id: str
    warehouse_id: str
    reason: str
    drafted_at: Moment
    drafted_by: str
    audited_at: Moment | None
    audited_by: str | None
    posted_at: Moment | None
    posted_by: str | None
    device_id: str | None
    booked_at: Moment | None
    held_since: Moment | None
    """Since when inventory refuses it as it is; post it again once the cause is gone."""
    held_cause: str | None
    cancelled_at: Moment | None
    cancelled_by: str | None


WAITS: dict[int | str, dict[str, Any]] = {
    202: {"model": ReversalOut, "description": "Inventory has not answered yet; look again later"}
}


@commands.post("/return-reversals", status_code=201)
async def draft(
    body: ReversalIn, response: Response, session: Session, caller: Clerk
) -> ReversalOut:
    """Draft the reversal of a posted return, whole; nothing moves yet."""
    return shown(await draft_reversal(session, body.return_id, body.reason, caller), response)


@commands.post("/return-reversals/{reversal_id}/audit")
async def audit(
    reversal_id: UUID, response: Response, session: Session, caller: Decider, expected: Expected
) -> ReversalOut:
    """Audit a draft, which another person than who drafted it does."""
    return shown(await audit_reversal(session, reversal_id, caller, expected), response)


@steps.post("/return-reversals/{reversal_id}/post", responses=WAITS)
async def post(
    reversal_id: UUID,
    response: Response,
    claim: CurrentClaim,
    context: CurrentContext,
    by: Posting,
) -> ReversalOut:
    """Post an audited reversal: its goods are on the books again, as they were.

    While inventory does not answer, the answer is 202: the reversal stays `posting`, and is
    settled as soon as it does.
    """
    posted, answered = await post_reversal(
        context, reversal_id, claim.id, by.caller, by.versions, by.device_id
    )
    if not answered:
        response.status_code = 202
    return shown(posted, response)


@commands.post("/return-reversals/{reversal_id}/cancel")
async def cancel(
    reversal_id: UUID, response: Response, session: Session, caller: Clerk, expected: Expected
) -> ReversalOut:
    """Cancel a reversal that was not posted."""
    return shown(await cancel_reversal(session, reversal_id, caller, expected), response)


class ReversalQuery(BaseModel):
    """Narrows a list of reversals."""

    site_id: Code | None = None
    return_id: UUID | None = None
    order_id: UUID | None = None
    supplier_id: Code | None = None
    status: ReversalStatus | None = None
    number: Name | None = None


def reversal_filter(caller: Reader, asked: Annotated[ReversalQuery, Depends()]) -> ReversalFilter:
    """Return which reversals the caller asks for and may see."""
    return ReversalFilter(sites=caller.covered(), **dict(asked))


@queries_router.get("/return-reversals")
async def list_reversals(
    session: Session,
    paging: CurrentPaging,
    wanted: Annotated[ReversalFilter, Depends(reversal_filter)],
) -> Page[ReversalOut]:
    """List reversals of returns, the newest first."""
    rows = await queries.reversals_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([ReversalOut(**row) for row in rows], lambda one: [one.reversal_id])


@queries_router.get("/return-reversals/{reversal_id}")
async def read_reversal(
    reversal_id: UUID, response: Response, session: Session, caller: Reader
) -> ReversalOut:
    """Return a reversal; its ETag is its version."""
    found = await queries.return_reversal(session, reversal_id)
    caller.must_cover(found["site_id"])
    response.headers["ETag"] = f'"{found["version"]}"'
    return ReversalOut(**found)


def shown(found: ReturnReversal, response: Response) -> ReversalOut:
    """Return a reversal as callers see it, and set its ETag."""
    response.headers["ETag"] = f'"{found.version}"'
    return ReversalOut.model_validate(found, from_attributes=True)
