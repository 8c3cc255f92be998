"""HTTP: what sites ask for."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Name, Quantity
from purchasing.demand.domain import RequisitionStatus
from purchasing.reference.domain import REQUISITION
from purchasing.reference.routes import Reader
from purchasing.reference.routes.versions import Expected
from purchasing.requisitions import queries
from purchasing.requisitions.queries import RequisitionFilter
from purchasing.requisitions.routes.views import (
    RequisitionHead,
    RequisitionOut,
    RequisitionStepOut,
    shown,
)
from purchasing.requisitions.use_cases.step_requisition import Step
from purchasing.requisitions.use_cases.write_requisition import (
    ItemWanted,
    WriteRequisition,
    rewrite_requisition,
    write_requisition,
)
from purchasing.settings import settings_of
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import (
    CurrentContext,
    Session,
    allow,
    command_router,
    query_router,
)

LINES_MAX = 500
Asker = Annotated[Caller, Depends(allow("clerk", "shop_manager", "buyer"))]
"""Whoever works at a site may ask for goods."""

LabelCode = Annotated[
    str,
    Field(pattern=rf"^{REQUISITION}[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$"),
]
"""What the label of a requisition says."""

commands = command_router("requisitions")
queries_router = query_router("requisitions")


def askers(requisition_id: UUID, caller: Asker, expected: Expected) -> Step:
    """Return a step that whoever asks takes with a requisition."""
    return Step(requisition_id, caller, expected)


ByAsker = Annotated[Step, Depends(askers)]


class RequisitionLineIn(BaseModel):
    """Goods that are asked for, in any unit the item has."""

    model_config = ConfigDict(extra="forbid")

    item_id: Code
    warehouse_id: Code
    quantity: Quantity
    unit: Code
    needed_by: date
    supplier_id: Code | None = None
    note: Name | None = None


class WishIn(BaseModel):
    """What is asked for, and why."""

    model_config = ConfigDict(extra="forbid")

    note: Name | None = None
    lines: Annotated[list[RequisitionLineIn], Field(min_length=1, max_length=LINES_MAX)]


class RequisitionIn(WishIn):
    """What a site asks for; a draft is not submitted yet."""

    site_id: Code
    draft: bool = False


@commands.post("/requisitions", status_code=201)
async def write(
    body: RequisitionIn, answer: Response, session: Session, context: CurrentContext, caller: Asker
) -> RequisitionOut:
    """Ask for goods: the requisition is submitted at once, unless it is to stay a draft."""
    caller.must_cover(body.site_id)
    wanted = _wanted(body, body.site_id, settings_of(context).currency)
    made = await write_requisition(session, wanted, caller.subject, draft=body.draft)
    return await shown(session, made, answer)


@commands.post("/requisitions/{requisition_id}/change")
async def change(
    step: ByAsker, body: WishIn, answer: Response, session: Session, context: CurrentContext
) -> RequisitionOut:
    """Write a draft anew."""
    wanted = _wanted(body, "", settings_of(context).currency)
    return await shown(session, await rewrite_requisition(session, step, wanted), answer)


def _wanted(body: WishIn, site_id: str, currency: str) -> WriteRequisition:
    lines = [ItemWanted(**dict(line)) for line in body.lines]
    return WriteRequisition(site_id=site_id, lines=lines, note=body.note, currency=currency)


class Filters(BaseModel):
    """Which requisitions are looked for; `code` is what a label says."""

    site_id: Code | None = None
    status: RequisitionStatus | None = None
    number: Name | None = None
    author: Name | None = None
    item_id: Code | None = None
    supplier_id: Code | None = None
    """Suggested on a line."""
    order_id: UUID | None = None
    """The order that covers one of its lines."""
    needed_until: date | None = None
    code: LabelCode | None = None


def requisition_filter(caller: Reader, asked: Annotated[Filters, Query()]) -> RequisitionFilter:
    """Return which requisitions the caller asks for and may see."""
    code = asked.code
    return RequisitionFilter(
        sites=caller.covered(),
        requisition_id=None if code is None else UUID(code.removeprefix(REQUISITION)),
        **asked.model_dump(exclude={"code"}),
    )


@queries_router.get("/requisitions")
async def list_requisitions(
    session: Session,
    paging: CurrentPaging,
    wanted: Annotated[RequisitionFilter, Depends(requisition_filter)],
) -> Page[RequisitionHead]:
    """List requisitions, the newest first."""
    rows = await queries.requisitions_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([RequisitionHead(**row) for row in rows], lambda one: [one.requisition_id])


@queries_router.get("/requisitions/{requisition_id}")
async def read_requisition(
    requisition_id: UUID, answer: Response, session: Session, caller: Reader
) -> RequisitionOut:
    """Return a requisition; its lines say which orders cover them, and what has come."""
    found = await queries.requisition(session, requisition_id)
    caller.must_cover(found.site_id)
    return await shown(session, found, answer)


@queries_router.get("/requisitions/{requisition_id}/steps")
async def list_steps(
    requisition_id: UUID, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[RequisitionStepOut]:
    """List what became of a requisition, the newest step first: who, when, why."""
    caller.must_cover((await queries.requisition(session, requisition_id)).site_id)
    rows = await queries.steps_before(session, requisition_id, paging.after_id(), paging.limit + 1)
    return paging.page([RequisitionStepOut(**row) for row in rows], lambda one: [one.step_id])
