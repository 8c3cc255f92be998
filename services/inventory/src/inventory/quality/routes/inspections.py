"""Inspections over HTTP."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import BatchCode, Code, Moment, Name, Quantity, Total
from inventory.devices import store as devices
from inventory.documents.domain import Actor
from inventory.documents.routes.steps import Device
from inventory.quality.domain.inspection import Decision, Findings, Held, Inspection, Part
from inventory.quality.queries import inspections as lists
from inventory.quality.use_cases.record_inspection import record_inspection
from inventory.settings import INSPECTING, READING
from inventory.stock.domain import Place
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import BadCursor, CurrentPaging, Page, Paging, whole_number
from servicekit.http.routing import Session, allow, command_router, query_router
from servicekit.ids import new_id

queries = query_router("quality")
commands = command_router("quality")

Inspector = Annotated[Caller, Depends(allow(*INSPECTING))]
Reader = Annotated[Caller, Depends(allow(*READING))]

PARTS_MAX = 50
ATTACHMENTS_MAX = 50
UNITS_MAX = 1000
HOUR = timedelta(hours=1)


class PartBody(BaseModel):
    """A part of the goods with one decision; what is rejected is frozen until it is sent back."""

    model_config = ConfigDict(extra="forbid")

    decision: Decision
    quantity: Quantity
    reason: Name | None = None
    serials: Annotated[list[Code], Field(max_length=UNITS_MAX)] = []


class InspectionBody(BaseModel):
    """What an inspector found, and decides, in the item's base unit."""

    model_config = ConfigDict(extra="forbid")

    site_id: Code
    warehouse_id: Code
    item_id: Code
    batch_id: BatchCode = ""
    source: Held = Held.IN_INSPECTION
    inspector: Name | None = None
    """Who inspected, if that is not the caller."""
    inspected_at: Moment | None = None
    sample_size: Quantity | None = None
    findings: Annotated[str | None, Field(max_length=4000, pattern=r"^[^\x00]*$")] = None
    attachments: Annotated[list[UUID], Field(max_length=ATTACHMENTS_MAX)] = []
    parts: Annotated[list[PartBody], Field(min_length=1, max_length=PARTS_MAX)]


class PartView(BaseModel):
    """A part of the goods with one decision."""

    model_config = ConfigDict(from_attributes=True)

    decision: Decision
    quantity: Total
    reason: str | None
    serials: list[str]


class InspectionView(BaseModel):
    """An inspection; `document_id` is the stock document that moved its goods, if any moved."""

    inspection_id: UUID
    site_id: str
    warehouse_id: str
    item_id: str
    batch_id: str
    source: Held
    inspector: str
    inspected_at: Moment
    sample_size: Total | None
    findings: str | None
    attachments: list[UUID]
    document_id: UUID | None
    recorded_by: str
    recorded_at: Moment
    parts: list[PartView]


class WaitingView(BaseModel):
    """Goods that wait for an inspection, and since when: what is left of one ledger entry.

    What came first is taken to be inspected first.
    """

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    item_id: str
    warehouse_id: str
    batch_id: str
    sequence: int
    document_id: UUID
    document_number: str
    line_no: int
    quantity: Total
    waiting: Total
    waiting_since: Moment
    age_hours: int


@commands.post("/inspections", status_code=201)
async def post_inspection(
    body: InspectionBody, session: Session, caller: Inspector, device: Device = None
) -> InspectionView:
    """Release, freeze or reject goods that are held, wholly or in part."""
    caller.must_cover(body.site_id)
    await devices.must_be_in_use(session, body.site_id, device)
    given = Inspection(
        inspection_id=new_id(),
        place=Place(body.site_id, body.item_id, body.warehouse_id, body.batch_id),
        source=body.source,
        findings=Findings(
            inspected_at=body.inspected_at or now(),
            inspector=body.inspector or caller.subject,
            sample_size=body.sample_size,
            text=body.findings,
            attachments=tuple(body.attachments),
        ),
        parts=tuple(
            Part(one.decision, one.quantity, one.reason, tuple(one.serials)) for one in body.parts
        ),
    )
    await record_inspection(session, given, Actor(caller.subject, device))
    return _view(await lists.one_recorded(session, given.inspection_id))


class InspectionQuery(BaseModel):
    """Narrows a list of inspections."""

    site_id: Code | None = None
    warehouse_id: Code | None = None
    item_id: Code | None = None

    def narrowed(self, caller: Caller) -> lists.Wanted:
        """Return what is asked for, as far as the caller may see it."""
        if self.site_id is not None:
            caller.must_cover(self.site_id)
        sites = caller.covered() if self.site_id is None else {self.site_id}
        return lists.Wanted(sites, self.warehouse_id, self.item_id)


@queries.get("/inspections/open")
async def get_open_inspections(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    wanted: Annotated[InspectionQuery, Depends()],
) -> Page[WaitingView]:
    """List what waits for an inspection."""
    after, at = _after(paging), now()
    rows = await lists.waiting(session, wanted.narrowed(caller), after, paging.limit + 1)
    views = [WaitingView(**row, age_hours=(at - row["waiting_since"]) // HOUR) for row in rows]
    return paging.page(views, _place)


@queries.get("/inspections")
async def get_inspections(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    wanted: Annotated[InspectionQuery, Depends()],
) -> Page[InspectionView]:
    """List inspections by site, the oldest first."""
    after = paging.after(2)
    position = None if after is None else (after[0], _id(after[1]))
    rows = await lists.recorded(session, wanted.narrowed(caller), position, paging.limit + 1)
    views = [_view(row) for row in rows]
    return paging.page(views, lambda one: [one.site_id, one.inspection_id])


@queries.get("/inspections/{inspection_id}")
async def get_inspection(inspection_id: UUID, session: Session, caller: Reader) -> InspectionView:
    """Return an inspection."""
    view = _view(await lists.one_recorded(session, inspection_id))
    caller.must_cover(view.site_id)
    return view


def _view(recorded: lists.Recorded) -> InspectionView:
    parts = [PartView.model_validate(dict(part)) for part in recorded.parts]
    return InspectionView(**recorded.inspection, parts=parts)


def _after(paging: Paging) -> lists.After:
    position = paging.after(5)
    if position is None:
        return lists.After()
    site_id, item_id, warehouse_id, batch_id, sequence = position
    return lists.After(site_id, item_id, warehouse_id, batch_id, whole_number(sequence))


def _place(one: WaitingView) -> list[object]:
    return [one.site_id, one.item_id, one.warehouse_id, one.batch_id, one.sequence]


def _id(part: str) -> UUID:
    try:
        return UUID(part)
    except ValueError as error:
        raise BadCursor from error
