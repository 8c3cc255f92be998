"""Recalls over HTTP."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Moment, Name, Quantity, Total
from inventory.quality.domain.recall import Fate, Outcome, Recall, RecallClass
from inventory.quality.queries import recalls as lists
from inventory.quality.store import recalls as store
from inventory.quality.use_cases.follow_recall import close_recall, record_return
from inventory.quality.use_cases.order_recall import order_recall
from inventory.settings import INSPECTING, READING, RECALLING
from servicekit.auth import EVERYWHERE, Caller
from servicekit.clock import now
from servicekit.http.pages import BIGGEST, CurrentPaging, Page, whole_number
from servicekit.http.routing import Session, allow, command_router, query_router
from servicekit.ids import new_id

queries = query_router("quality")
commands = command_router("quality")

Recaller = Annotated[Caller, Depends(allow(*RECALLING))]
Follower = Annotated[Caller, Depends(allow(*RECALLING, *INSPECTING))]
Reader = Annotated[Caller, Depends(allow(*READING))]

BATCHES_MAX = 200


class RecallBody(BaseModel):
    """What is called back: batches of an item, or its units from one serial number to another."""

    model_config = ConfigDict(extra="forbid")

    number: Code
    item_id: Code
    batches: Annotated[list[Code], Field(max_length=BATCHES_MAX)] = []
    first_serial: Code | None = None
    last_serial: Code | None = None
    recall_class: RecallClass
    reason: Name


class ReturnBody(BaseModel):
    """What became of goods of a delivery, named by its site and ledger number."""

    model_config = ConfigDict(extra="forbid")

    site_id: Code
    sequence: Annotated[int, Field(ge=1, le=BIGGEST, strict=True)]
    fate: Literal[Fate.RECOVERED, Fate.WRITTEN_OFF]
    quantity: Quantity
    document_id: UUID | None = None
    """The document with which they came in again, if one did."""
    note: Name | None = None


class CloseBody(BaseModel):
    """How a recall ends."""

    model_config = ConfigDict(extra="forbid")

    outcome: Outcome


class RecallView(BaseModel):
    """A recall."""

    model_config = ConfigDict(from_attributes=True)

    recall_id: UUID
    number: str
    item_id: str
    batches: list[str]
    first_serial: str | None
    last_serial: str | None
    recall_class: RecallClass
    reason: str
    ordered_by: str
    ordered_at: Moment
    outcome: Outcome | None
    closed_by: str | None
    closed_at: Moment | None


class RecallSummary(RecallView):
    """A recall with what was delivered of its goods, and what became of that."""

    shipped: Total
    recovered: Total
    written_off: Total
    outstanding: Total
    recovered_percent: Total


class WhereaboutsView(BaseModel):
    """What of called back goods is at a place, and what is under way to it."""

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    warehouse_id: str
    batch_id: str
    available: Total
    allocated: Total
    in_inspection: Total
    frozen: Total
    in_transit: Total


class DeliveryView(BaseModel):
    """A shipment of called back goods, and what became of them."""

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    sequence: int
    item_id: str
    batch_id: str
    quantity: Total
    document_id: UUID
    document_number: str
    order_id: UUID | None
    shipped_at: Moment
    recovered: Total
    written_off: Total
    outstanding: Total


class ReturnView(BaseModel):
    """What somebody said of delivered goods, or what the ledger says of customers' returns.

    `entry` is the ledger's number of a return, and of its reversal, with the return's in `undoes`.
    """

    model_config = ConfigDict(from_attributes=True)

    return_id: UUID
    site_id: str
    sequence: int
    fate: Fate
    quantity: Total
    document_id: UUID | None
    note: str | None
    recorded_by: str
    recorded_at: Moment
    entry: int | None
    undoes: int | None


class ReleasedView(BaseModel):
    """A reservation that had to let go, and how much of the called back goods it held."""

    model_config = ConfigDict(from_attributes=True)

    reservation_id: UUID
    order_id: UUID
    site_id: str
    quantity: Total
    released_at: Moment


@commands.post("/recalls", status_code=201)
async def post_recall(body: RecallBody, session: Session, caller: Recaller) -> RecallSummary:
    """Call goods back: they are frozen at every site, and reservations of them are released."""
    caller.must_cover(EVERYWHERE)
    given = Recall(recall_id=new_id(), ordered_by=caller.subject, ordered_at=now(), **dict(body))
    called = await order_recall(session, given)
    return _summary(called, await store.tally(session, called.recall_id))


@queries.get("/recalls")
async def get_recalls(
    session: Session,
    paging: CurrentPaging,
    _: Reader,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
) -> Page[RecallView]:
    """List recalls, the oldest first."""
    rows = await lists.recalls(
        session, is_open=is_open, after=paging.after_id(), limit=paging.limit + 1
    )
    views = [RecallView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.recall_id])


@queries.get("/recalls/{recall_id}")
async def get_recall(recall_id: UUID, session: Session, _: Reader) -> RecallSummary:
    """Return a recall, and how far it has come."""
    called = await store.load(session, recall_id)
    return _summary(called, await store.tally(session, recall_id))


@queries.get("/recalls/{recall_id}/stock")
async def get_whereabouts(
    recall_id: UUID, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[WhereaboutsView]:
    """List where called back goods are in the caller's sites."""
    called = await store.load(session, recall_id)
    after, sites = paging.after(3), caller.covered()
    rows = await lists.whereabouts(session, called, sites, after, paging.limit + 1)
    views = [WhereaboutsView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.site_id, one.warehouse_id, one.batch_id])


@queries.get("/recalls/{recall_id}/deliveries")
async def get_deliveries(
    recall_id: UUID, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[DeliveryView]:
    """List to whom called back goods went from the caller's sites."""
    await store.load(session, recall_id)
    position = paging.after(2)
    after = None if position is None else (position[0], whole_number(position[1]))
    rows = await lists.deliveries(session, recall_id, caller.covered(), after, paging.limit + 1)
    views = [DeliveryView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.site_id, one.sequence])


@queries.get("/recalls/{recall_id}/reservations")
async def get_released(
    recall_id: UUID, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[ReleasedView]:
    """List the reservations that had to let go of called back goods."""
    await store.load(session, recall_id)
    after, sites = paging.after_id(), caller.covered()
    rows = await lists.released(session, recall_id, sites, after, paging.limit + 1)
    views = [ReleasedView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.reservation_id])


@queries.get("/recalls/{recall_id}/returns")
async def get_returns(
    recall_id: UUID, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[ReturnView]:
    """List what was said of delivered goods."""
    await store.load(session, recall_id)
    after, sites = paging.after_id(), caller.covered()
    rows = await lists.returns(session, recall_id, sites, after, paging.limit + 1)
    views = [ReturnView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.return_id])


@commands.post("/recalls/{recall_id}/returns", status_code=201)
async def post_return(
    recall_id: UUID, body: ReturnBody, session: Session, caller: Follower
) -> DeliveryView:
    """Say what became of delivered goods: they came back, or nobody expects them any more."""
    caller.must_cover(body.site_id)
    called = await store.lock(session, recall_id)
    given = store.Return(
        return_id=new_id(),
        recorded_by=caller.subject,
        recorded_at=now(),
        **dict(body),
    )
    return DeliveryView.model_validate(await record_return(session, called, given))


@commands.post("/recalls/{recall_id}/close")
async def post_close(
    recall_id: UUID, body: CloseBody, session: Session, caller: Recaller
) -> RecallSummary:
    """End a recall, with what had been shipped and what came back."""
    caller.must_cover(EVERYWHERE)
    called = await store.lock(session, recall_id)
    tally = await close_recall(session, called, body.outcome, caller.subject)
    return _summary(called, tally)


def _summary(called: Recall, tally: store.Tally) -> RecallSummary:
    share = tally.recovered / tally.shipped if tally.shipped else Decimal(1)
    return RecallSummary(
        **RecallView.model_validate(called).model_dump(),
        shipped=tally.shipped,
        recovered=tally.recovered,
        written_off=tally.written_off,
        outstanding=tally.outstanding,
        recovered_percent=round(share * 100, 1),
    )
