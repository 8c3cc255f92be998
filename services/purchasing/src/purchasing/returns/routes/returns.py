"""HTTP: returns to suppliers and the steps they take."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel

from contracts.wire import Code, Name
from purchasing.reference.routes import Reader
from purchasing.reference.routes.devices import Device
from purchasing.reference.routes.versions import Expected
from purchasing.returns import queries
from purchasing.returns.domain import PurchaseReturn, ReturnCause, ReturnStatus
from purchasing.returns.queries import ReturnFilter
from purchasing.returns.routes.bodies import ReturnHead, ReturnIn, ReturnLineOut, ReturnOut
from purchasing.returns.use_cases.audit_return import audit_return
from purchasing.returns.use_cases.cancel_return import cancel_return
from purchasing.returns.use_cases.draft_return import draft_return
from purchasing.returns.use_cases.post_return import post_return
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import (
    CurrentClaim,
    CurrentContext,
    Session,
    allow,
    command_router,
    query_router,
    step_router,
)

commands = command_router("returns")
steps = step_router("returns")
queries_router = query_router("returns")

Clerk = Annotated[Caller, Depends(allow("clerk", "shop_manager", "buyer"))]
Decider = Annotated[Caller, Depends(allow("shop_manager", "buyer"))]


@dataclass(frozen=True)
class Poster:
    """Who posts, what of it the caller has seen, and the device that it is done with."""

    caller: Caller
    versions: frozenset[int] | None
    device_id: str | None


def poster(caller: Clerk, expected: Expected, device: Device = None) -> Poster:
    """Return who posts."""
    return Poster(caller, expected, device)


Posting = Annotated[Poster, Depends(poster)]


WAITS: dict[int | str, dict[str, Any]] = {
    202: {"model": ReturnOut, "description": "Inventory has not answered yet; look again later"}
}


@commands.post("/returns", status_code=201)
async def draft(body: ReturnIn, response: Response, session: Session, caller: Clerk) -> ReturnOut:
    """Draft a return of goods of a receipt, or the reversal of all of it; nothing moves yet."""
    return shown(await draft_return(session, body.wanted(caller)), response)


@commands.post("/returns/{return_id}/audit")
async def audit(
    return_id: UUID, response: Response, session: Session, caller: Decider, expected: Expected
) -> ReturnOut:
    """Audit a draft, so that it may be posted."""
    return shown(await audit_return(session, return_id, caller, expected), response)


@steps.post("/returns/{return_id}/post", responses=WAITS)
async def post(
    return_id: UUID,
    response: Response,
    claim: CurrentClaim,
    context: CurrentContext,
    by: Posting,
) -> ReturnOut:
    """Post an audited return: its goods leave the books, or inventory says why they can't.

    While inventory does not answer, the answer is 202: the return stays `posting`, and is settled
    as soon as it does.
    """
    posted, answered = await post_return(
        context, return_id, claim.id, by.caller, by.versions, by.device_id
    )
    if not answered:
        response.status_code = 202
    return shown(posted, response)


@commands.post("/returns/{return_id}/cancel")
async def cancel(
    return_id: UUID, response: Response, session: Session, caller: Clerk, expected: Expected
) -> ReturnOut:
    """Cancel a return that was not posted."""
    return shown(await cancel_return(session, return_id, caller, expected), response)


class ReturnQuery(BaseModel):
    """Narrows a list of returns."""

    site_id: Code | None = None
    supplier_id: Code | None = None
    receipt_id: UUID | None = None
    order_id: UUID | None = None
    status: ReturnStatus | None = None
    cause: ReturnCause | None = None
    number: Name | None = None


def return_filter(caller: Reader, asked: Annotated[ReturnQuery, Depends()]) -> ReturnFilter:
    """Return which returns the caller asks for and may see."""
    return ReturnFilter(sites=caller.covered(), **dict(asked))


@queries_router.get("/returns")
async def list_returns(
    session: Session,
    paging: CurrentPaging,
    wanted: Annotated[ReturnFilter, Depends(return_filter)],
) -> Page[ReturnHead]:
    """List returns, the newest first."""
    rows = await queries.returns_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([ReturnHead(**row) for row in rows], lambda one: [one.return_id])


@queries_router.get("/returns/{return_id}")
async def read_return(
    return_id: UUID, response: Response, session: Session, caller: Reader
) -> ReturnOut:
    """Return a return; its ETag is its version."""
    head = await queries.purchase_return(session, return_id)
    caller.must_cover(head["site_id"])
    lines = await queries.lines_of(session, return_id)
    response.headers["ETag"] = f'"{head["version"]}"'
    return ReturnOut(**head, lines=[ReturnLineOut(**line) for line in lines])


def shown(found: PurchaseReturn, response: Response) -> ReturnOut:
    """Return a return as callers see it, and set its ETag."""
    response.headers["ETag"] = f'"{found.version}"'
    return ReturnOut.model_validate(found, from_attributes=True)
