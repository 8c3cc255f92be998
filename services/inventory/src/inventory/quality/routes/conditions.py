"""Conditions of warehouses over HTTP: limits, readings, breaches."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from contracts.wire import Code, Measure, Moment, Name, Total
from inventory.quality.domain.conditions import Breach, Limits, Range
from inventory.quality.queries import conditions as lists
from inventory.quality.store import conditions as store
from inventory.quality.use_cases.end_breach import EndBreach, end_breach
from inventory.quality.use_cases.set_limits import set_limits
from inventory.settings import ARRANGING, READING
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import BadCursor, CurrentPaging, Page, Paging
from servicekit.http.routing import Session, allow, command_router, query_router

queries = query_router("quality")
commands = command_router("quality")

Arranger = Annotated[Caller, Depends(allow(*ARRANGING))]
Reader = Annotated[Caller, Depends(allow(*READING))]

Hysteresis = Annotated[Measure, Field(ge=0)]
WEEK_MINUTES = 7 * 24 * 60
MOMENT = TypeAdapter[datetime](Moment)


class LimitsBody(BaseModel):
    """What a warehouse's air may be like; a bound that is left out is not watched."""

    model_config = ConfigDict(extra="forbid")

    lowest_temperature: Measure | None = None
    highest_temperature: Measure | None = None
    temperature_hysteresis: Hysteresis = Decimal(0)
    """How many degrees inside a reading must be to count as back."""
    lowest_humidity: Measure | None = None
    highest_humidity: Measure | None = None
    humidity_hysteresis: Hysteresis = Decimal(0)
    tolerated_minutes: Annotated[int, Field(ge=0, le=WEEK_MINUTES, strict=True)]
    """How long it may be outside before it is a breach."""
    silent_after_minutes: Annotated[int, Field(ge=1, le=WEEK_MINUTES, strict=True)] = 60
    """How long nothing may come from a device before people are warned."""


class LimitsView(BaseModel):
    """The limits of a warehouse, and who set them."""

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    warehouse_id: str
    lowest_temperature: Total | None
    highest_temperature: Total | None
    temperature_hysteresis: Total
    lowest_humidity: Total | None
    highest_humidity: Total | None
    humidity_hysteresis: Total
    tolerated_minutes: int
    silent_after_minutes: int
    set_by: str
    set_at: Moment


class ReadingView(BaseModel):
    """What a device measured, and when that was known."""

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    warehouse_id: str
    device_id: str
    at: Moment
    temperature: Total
    humidity: Total | None
    received_at: Moment


class ColdChainBreachView(BaseModel):
    """A time outside of the limits, and the documents that froze what was available then."""

    model_config = ConfigDict(from_attributes=True)

    breach_id: UUID
    site_id: str
    warehouse_id: str
    device_id: str
    outside_since: Moment
    breached_at: Moment
    temperature: Total
    humidity: Total | None
    restored_at: Moment | None
    document_ids: list[UUID]
    ended_by: str | None
    """Who ended it, if it wasn't the device."""
    end_reason: str | None


class PromisedView(BaseModel):
    """Goods of an order in the warehouse: promised, and therefore not frozen."""

    model_config = ConfigDict(from_attributes=True)

    reservation_id: UUID
    order_id: UUID
    item_id: str
    batch_id: str
    outstanding: Total


class BreachDetail(ColdChainBreachView):
    """A breach with what is still promised there; people decide on that, order by order."""

    promised: list[PromisedView]


class SensorView(BaseModel):
    """A device in a warehouse that has limits: when it was heard last, and read what last.

    `silent_since` is when people were warned that nothing comes from it any more.
    """

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    warehouse_id: str
    device_id: str
    last_at: Moment | None
    heard_at: Moment | None
    silent_since: Moment | None
    outside_since: Moment | None
    breach_id: UUID | None


class BreachEnd(BaseModel):
    """Why a breach is taken as over."""

    model_config = ConfigDict(extra="forbid")

    reason: Name


class ReadingQuery(BaseModel):
    """Which readings: of one warehouse, and possibly of one device and some time."""

    site_id: Code
    warehouse_id: Code
    device_id: Code | None = None
    since: Moment | None = None
    until: Moment | None = None


class BreachQuery(BaseModel):
    """Narrows a list of breaches."""

    site_id: Code | None = None
    open: bool | None = None


class SensorQuery(BaseModel):
    """Narrows a list of devices."""

    site_id: Code | None = None
    silent: bool | None = None


@commands.post("/sites/{site_id}/warehouses/{warehouse_id}/condition-limits")
async def post_limits(
    site_id: Annotated[Code, Path()],
    warehouse_id: Annotated[Code, Path()],
    body: LimitsBody,
    session: Session,
    caller: Arranger,
) -> LimitsView:
    """Set the limits of a warehouse, in place of those it had."""
    caller.must_cover(site_id)
    limits = Limits(
        Range(body.lowest_temperature, body.highest_temperature, body.temperature_hysteresis),
        Range(body.lowest_humidity, body.highest_humidity, body.humidity_hysteresis),
        timedelta(minutes=body.tolerated_minutes),
        timedelta(minutes=body.silent_after_minutes),
    )
    at = now()
    await set_limits(session, store.Setting(site_id, warehouse_id, limits, caller.subject, at))
    place = {"site_id": site_id, "warehouse_id": warehouse_id}
    return LimitsView(**place, **body.model_dump(), set_by=caller.subject, set_at=at)


@queries.get("/sites/{site_id}/condition-limits")
async def get_limits(
    site_id: Code, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[LimitsView]:
    """List the limits of a site's warehouses."""
    caller.must_cover(site_id)
    after = (paging.after(1) or [""])[0]
    rows = await lists.limits(session, site_id, after, paging.limit + 1)
    views = [LimitsView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.warehouse_id])


@queries.get("/conditions")
async def get_conditions(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    wanted: Annotated[ReadingQuery, Depends()],
) -> Page[ReadingView]:
    """List what devices read in a warehouse, by their own time."""
    caller.must_cover(wanted.site_id)
    span = lists.Span(**wanted.model_dump())
    rows = await lists.readings(session, span, _after(paging), paging.limit + 1)
    views = [ReadingView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.at.isoformat(), one.device_id])


@queries.get("/sensors")
async def get_sensors(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    wanted: Annotated[SensorQuery, Depends()],
) -> Page[SensorView]:
    """List the devices whose readings are judged; those from which nothing comes, if asked."""
    if wanted.site_id is not None:
        caller.must_cover(wanted.site_id)
    sites = caller.covered() if wanted.site_id is None else {wanted.site_id}
    narrowed = lists.SensorFilter(sites, wanted.silent)
    rows = await lists.sensors(session, narrowed, paging.after(3), paging.limit + 1)
    views = [SensorView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.site_id, one.warehouse_id, one.device_id])


@queries.get("/breaches")
async def get_breaches(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    wanted: Annotated[BreachQuery, Depends()],
) -> Page[ColdChainBreachView]:
    """List breaches of the limits, the oldest first."""
    if wanted.site_id is not None:
        caller.must_cover(wanted.site_id)
    sites = caller.covered() if wanted.site_id is None else {wanted.site_id}
    narrowed = lists.BreachFilter(sites, wanted.open)
    rows = await lists.breaches(session, narrowed, paging.after_id(), paging.limit + 1)
    views = [ColdChainBreachView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.breach_id])


@queries.get("/breaches/{breach_id}")
async def get_breach(breach_id: UUID, session: Session, caller: Reader) -> BreachDetail:
    """Return a breach with what is promised in its warehouse at present."""
    breach: Breach = await store.load_breach(session, breach_id)
    caller.must_cover(breach.site_id)
    promised = await lists.promised_in(session, breach.site_id, breach.warehouse_id)
    view = ColdChainBreachView.model_validate(breach)
    lines = [PromisedView.model_validate(row) for row in promised]
    return BreachDetail(**dict(view), promised=lines)


@commands.post("/breaches/{breach_id}/end")
async def post_end(
    breach_id: UUID, body: BreachEnd, session: Session, caller: Arranger
) -> ColdChainBreachView:
    """End a breach whose device is broken or gone; what it froze waits for an inspection."""
    ended = await end_breach(session, EndBreach(breach_id, body.reason, caller))
    return ColdChainBreachView.model_validate(ended)


def _after(paging: Paging) -> tuple[datetime, str] | None:
    position = paging.after(2)
    if position is None:
        return None
    try:
        return MOMENT.validate_python(position[0]), position[1]
    except ValidationError as error:
        raise BadCursor from error
