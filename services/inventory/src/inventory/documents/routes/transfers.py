"""Goods in transit, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, TypeAdapter

from contracts.wire import Code, Moment
from inventory.devices import store as devices
from inventory.documents import store
from inventory.documents.domain import Actor, DocumentKind, Draft
from inventory.documents.queries import TransitFilter, goods_in_transit
from inventory.documents.routes.bodies import ArrivalBody, LossBody
from inventory.documents.routes.commands import Drafter
from inventory.documents.routes.steps import Device, Reader
from inventory.documents.routes.views import DocumentView, TransitView, shown
from inventory.documents.use_cases.draft_from_dispatch import draft_from_dispatch
from inventory.stock.routes.balances import DatedPage, dated, moment_told
from servicekit.http.pages import CurrentPaging, LineNo
from servicekit.http.routing import Session, command_router, query_router

transfer_commands = command_router("documents")
transfer_queries = query_router("documents")

LINE = TypeAdapter(tuple[str, UUID, LineNo])


@transfer_commands.post("/transfers/{dispatch_id}/arrivals", status_code=201)
async def post_arrival(
    dispatch_id: UUID,
    body: ArrivalBody,
    response: Response,
    session: Session,
    caller: Drafter,
    device: Device = None,
) -> DocumentView:
    """Draft the arrival of dispatched goods, whole or in part, at the place they were sent to."""
    dispatch = await store.load(session, dispatch_id)
    site_id = dispatch.to_site_id or dispatch.site_id
    caller.must_cover(site_id)
    await devices.must_be_in_use(session, site_id, device)
    asked = Draft(
        kind=DocumentKind.TRANSFER_ARRIVAL, **body.model_dump(exclude={"lines"}), lines=[]
    )
    received = [line.asked() for line in body.lines]
    author = Actor(caller.subject, device)
    return shown(await draft_from_dispatch(session, dispatch, asked, received, author), response)


@transfer_commands.post("/transfers/{dispatch_id}/loss", status_code=201)
async def post_loss(
    dispatch_id: UUID,
    body: LossBody,
    response: Response,
    session: Session,
    caller: Drafter,
    device: Device = None,
) -> DocumentView:
    """Draft that dispatched goods, whole or in part, will never arrive."""
    dispatch = await store.load(session, dispatch_id)
    site_id = dispatch.to_site_id or dispatch.site_id
    caller.must_cover(site_id)
    await devices.must_be_in_use(session, site_id, device)
    asked = Draft(kind=DocumentKind.TRANSFER_LOSS, **body.model_dump(exclude={"lines"}), lines=[])
    received = [line.asked() for line in body.lines]
    author = Actor(caller.subject, device)
    return shown(await draft_from_dispatch(session, dispatch, asked, received, author), response)


class TransitQuery(BaseModel):
    """Narrows the list of goods in transit."""

    to_site_id: Code | None = None
    item_id: Code | None = None
    dispatch_id: UUID | None = None


@transfer_queries.get("/transfers/open")
async def get_open_transfers(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    asked: Annotated[TransitQuery, Depends()],
    as_of: Moment | None = None,
) -> DatedPage[TransitView]:
    """List goods that were dispatched to the caller's sites and had not arrived yet.

    As they are, or as of a past moment, to which documents belong from the time of their posting.
    """
    if asked.to_site_id is not None:
        caller.must_cover(asked.to_site_id)
    wanted = TransitFilter(caller.covered(), **asked.model_dump(), as_of=as_of)
    at = moment_told(as_of)
    rows = await goods_in_transit(session, wanted, paging.after_as(LINE), paging.limit + 1)
    views = [
        TransitView(
            **{**row, "serials": [one for one in row["serials"] if one not in row["settled"]]},
            dispatch_id=row["document_id"],
            overdue=row["expected_at"] is not None and row["expected_at"] < at,
            age_seconds=int((at - row["dispatched_at"]).total_seconds()),
        )
        for row in rows
    ]
    return dated(paging, views, lambda one: [one.to_site_id, one.dispatch_id, one.line_no], at)
