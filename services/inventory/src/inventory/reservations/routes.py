"""Reservations over HTTP."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from fastapi import Depends, Query, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.wire import BatchCode, Code, Moment, Quantity, Total
from inventory.catalog.domain import plain
from inventory.express import Express
from inventory.reservations import store
from inventory.reservations.domain.assortment import Wanted, WantedLine
from inventory.reservations.domain.reservation import Reason, Reservation, Status
from inventory.reservations.domain.shortage import WayOut
from inventory.reservations.use_cases.confirm_reservation import confirm_reservation
from inventory.reservations.use_cases.date_lines import date_lines
from inventory.reservations.use_cases.exchange_reservation import exchange_reservation
from inventory.reservations.use_cases.explain_stock import (
    Explanation,
    explain_site,
    explain_stock,
)
from inventory.reservations.use_cases.look_for_sources import Sources, look_for_sources
from inventory.reservations.use_cases.release_reservations import release_reservations
from inventory.reservations.use_cases.release_rest import release_the_rest
from inventory.reservations.use_cases.reserve_partly import PartlyReserved, reserve_partly
from inventory.reservations.use_cases.reserve_stock import reserve_stock
from inventory.settings import READING, RESERVING
from servicekit.auth import Caller
from servicekit.errors import Refusal
from servicekit.http.problems import language_of
from servicekit.http.routing import Session, allow, command_router, query_router

queries = query_router("reservations")
commands = command_router("reservations")

Reserver = Annotated[Caller, Depends(allow(*RESERVING))]
Reader = Annotated[Caller, Depends(allow(*READING))]

LINES_MAX = 500
LINES_HELD_MAX = 10_000
BIGGEST_LINE = 2**31 - 1
SOURCED_MAX = 100
PLACES_MAX = 50
SERIALS_MAX = 1000
TWO_HOURS_SECONDS = 7200
WEEK_SECONDS = 604_800
NO_ORDER = UUID(int=0)


class LineBody(BaseModel):
    """A line to reserve."""

    model_config = ConfigDict(extra="forbid")

    item_id: Code
    quantity: Quantity
    unit: Code
    batch_id: BatchCode = ""
    """Needed for items that are managed by batch."""
    serials: Annotated[tuple[Code, ...], Field(max_length=SERIALS_MAX)] = ()
    """Needed for items that are managed by serial number: one for each unit."""
    gift: bool = False
    """Whether it is given away: then it may be of what is not for sale."""


class ReservationBody(BaseModel):
    """What is to be held for an order."""

    model_config = ConfigDict(extra="forbid")

    site_id: Code
    warehouse_id: Code
    order_id: UUID
    lines: Annotated[list[LineBody], Field(min_length=1, max_length=LINES_MAX)]
    ttl_seconds: Annotated[int, Field(ge=1, le=WEEK_SECONDS)] = TWO_HOURS_SECONDS
    paid: bool = False
    """Whether it is paid already, as at a till: held for good at once, with nothing to confirm."""


class PartialReservationBody(ReservationBody):
    """What is to be held, all or nothing or as much as there is.

    The express lane takes `ReservationBody` alone: who asks for a part goes past it.
    """

    partial: bool = False
    """Whether each line gets what there is, where that is less than it asks for."""


class ExchangeBody(BaseModel):
    """All that is to be held from now on, instead of what is held."""

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[LineBody], Field(min_length=1, max_length=LINES_MAX)]


class ReleaseBody(BaseModel):
    """Why the stock is let go."""

    model_config = ConfigDict(extra="forbid")

    reason: Literal["cancelled"]


class ShippedBody(BaseModel):
    """How much of a line that is held has left, in the item's base unit."""

    model_config = ConfigDict(extra="forbid")

    line_no: Annotated[int, Field(ge=1, le=BIGGEST_LINE)]
    quantity: Quantity


class RestBody(BaseModel):
    """What has left, with all shipments there are, whether they are booked yet or not."""

    model_config = ConfigDict(extra="forbid")

    shipment_id: UUID
    """The last one."""
    shipped: Annotated[list[ShippedBody], Field(min_length=1, max_length=LINES_HELD_MAX)]


class LineView(BaseModel):
    """A line of a reservation, in the item's base unit, and what was asked for if that differs."""

    model_config = ConfigDict(from_attributes=True)

    line_no: int
    item_id: str
    quantity: Quantity
    batch_id: str
    serials: tuple[str, ...]
    unit: str | None
    unit_quantity: Quantity | None
    unit_version: int | None
    kit_item_id: str | None
    kit_line_no: int | None


class ReservationView(BaseModel):
    """A reservation."""

    model_config = ConfigDict(from_attributes=True)

    reservation_id: UUID
    order_id: UUID
    site_id: str
    warehouse_id: str
    status: Status
    reason: Reason | None
    reserved_at: Moment
    expires_at: Moment
    shipment_id: UUID | None
    lines: list[LineView]


class DatesView(BaseModel):
    """The last days on which the batch of a line may be used, and sold."""

    model_config = ConfigDict(from_attributes=True)

    line_no: int
    expires_on: date
    sellable_until: date


class ConfirmedView(ReservationView):
    """A reservation that is held for good, and until when; a line not named has no such date."""

    dates: list[DatesView]


class PartlyReservedView(ReservationView):
    """A reservation of a part, and what a refusal would say of the lines that are short."""

    shortages: list["LineExplanation"]


class ExplanationQuery(BaseModel):
    """What is to be explained."""

    model_config = ConfigDict(extra="forbid")

    site_id: Code
    warehouse_id: Code | None = None
    """All warehouses of the site, each by itself, unless one is named."""
    item_id: Code
    quantity: Quantity
    unit: Code | None = None
    """The item's base unit, unless another one is named."""
    batch_id: BatchCode = ""
    serials: Annotated[list[Code], Field(max_length=SERIALS_MAX)] = []


class PlaceExplanation(BaseModel):
    """Another place that has some."""

    site_id: str
    warehouse_id: str
    available: Total


class HolderExplanation(BaseModel):
    """An order that holds some; those that hold most are named."""

    order_id: UUID
    quantity: Total


class OthersExplanation(BaseModel):
    """How many orders hold some that are not named, and how much all of those hold; 0 if none."""

    orders: int
    quantity: Total


class ComingExplanation(BaseModel):
    """Goods in transit, and when they are expected."""

    from_site_id: str
    from_warehouse_id: str
    to_warehouse_id: str
    quantity: Total
    expected_at: Moment | None


class LineExplanation(BaseModel):
    """What a refusal says of a short line, and just so of one that is not."""

    line_no: int
    item_id: str
    warehouse_id: str
    batch_id: str
    kit_item_id: str | None
    requested: Total
    earlier_lines: Total
    short: Total
    available: Total
    on_hand: Total
    allocated: Total
    allocated_by: list[HolderExplanation]
    allocated_by_others: OthersExplanation
    in_inspection: Total
    frozen: Total
    in_transit: list[ComingExplanation]
    other_warehouses: list[PlaceExplanation]
    other_sites: list[PlaceExplanation]
    ways_out: list[WayOut]


class WarehouseExplanation(BaseModel):
    """Why it can or can't be shipped from a warehouse: a rule (`code`), or the stock of its lines.

    Goods that should have been named have a line for each batch that is there or comes.
    """

    warehouse_id: str
    can_ship: bool
    code: str | None
    detail: str | None
    facts: dict[str, Any]
    lines: list[LineExplanation]


class ExplanationView(ExplanationQuery):
    """Whether any one of the warehouses can ship it, and what keeps each of them from it.

    What stands outside of `warehouses` is of the one that was named, or of the first that can ship,
    or of the first of all.
    """

    can_ship: bool
    code: str | None
    detail: str | None
    facts: dict[str, Any]
    lines: list[LineExplanation]
    warehouses: list[WarehouseExplanation]


class PlaceBody(BaseModel):
    """A warehouse that might ship."""

    model_config = ConfigDict(extra="forbid")

    site_id: Code
    warehouse_id: Code


class SourcesBody(BaseModel):
    """What is wanted at a site, and which warehouses might ship it."""

    model_config = ConfigDict(extra="forbid")

    site_id: Code
    warehouse_id: Code
    lines: Annotated[list[LineBody], Field(min_length=1, max_length=SOURCED_MAX)]
    places: Annotated[list[PlaceBody], Field(min_length=1, max_length=PLACES_MAX)]


class SourcePart(BaseModel):
    """What of one item a line takes, in base units."""

    model_config = ConfigDict(from_attributes=True)

    item_id: str
    batch_id: str
    quantity: Total


class SourceLine(BaseModel):
    """A line as it would be reserved; `step` is what its quantity can be divided into."""

    model_config = ConfigDict(from_attributes=True)

    line_no: int
    quantity: Quantity
    step: Quantity
    parts: list[SourcePart]


class SourceStock(BaseModel):
    """Some of the goods, available at one of the places."""

    site_id: str
    warehouse_id: str
    item_id: str
    batch_id: str
    available: Total


class SourcesView(BaseModel):
    """What the lines take, and what there is of it where; what is not named is not there."""

    lines: list[SourceLine]
    stock: list[SourceStock]


@commands.post("/reservations", status_code=201)
async def post_reservation(
    body: PartialReservationBody, session: Session, caller: Reserver
) -> PartlyReservedView | ReservationView:
    """Hold stock for an order: all lines or none, or of each line what there is if so asked."""
    caller.must_cover(body.site_id)
    if body.partial:
        return _part(await reserve_partly(session, _wanted(body)))
    (end,) = await reserve_stock(session, [_wanted(body)])
    if isinstance(end, Refusal):
        raise end
    return ReservationView.model_validate(end)


def _part(end: PartlyReserved | Refusal) -> PartlyReservedView:
    if isinstance(end, Refusal):
        raise end
    held = ReservationView.model_validate(end.reservation)
    return PartlyReservedView(
        **held.model_dump(),
        shortages=[LineExplanation.model_validate(one) for one in end.shortages],
    )


def _wanted(body: ReservationBody) -> Wanted:
    return Wanted(
        order_id=body.order_id,
        site_id=body.site_id,
        warehouse_id=body.warehouse_id,
        time_to_live=timedelta(seconds=body.ttl_seconds),
        lines=[_line(line) for line in body.lines],
        is_paid=body.paid,
    )


def _line(body: LineBody) -> WantedLine:
    return WantedLine(
        body.item_id, body.quantity, body.unit, body.batch_id, body.serials, body.gift
    )


# The slim form of the hot route. What it does not understand, the ordinary way does; what it
# writes is what `ReservationView` would write. Tests hold both against the models above.
_SlimCode = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")]
_SlimBatch = Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,63})?\Z")]
_SlimQuantity = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?\Z")]


class _SlimLine(msgspec.Struct, forbid_unknown_fields=True):
    item_id: _SlimCode
    quantity: _SlimQuantity
    unit: _SlimCode
    batch_id: _SlimBatch = ""


class _SlimBody(msgspec.Struct, forbid_unknown_fields=True):
    site_id: _SlimCode
    warehouse_id: _SlimCode
    order_id: UUID
    lines: Annotated[list[_SlimLine], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    ttl_seconds: Annotated[int, msgspec.Meta(ge=1, le=WEEK_SECONDS)] = TWO_HOURS_SECONDS
    paid: bool = False


class _SlimLineView(msgspec.Struct):
    line_no: int
    item_id: str
    quantity: str
    batch_id: str
    serials: tuple[str, ...]
    unit: str | None
    unit_quantity: str | None
    unit_version: int | None
    kit_item_id: str | None
    kit_line_no: int | None


class _SlimView(msgspec.Struct):
    reservation_id: UUID
    order_id: UUID
    site_id: str
    warehouse_id: str
    status: Status
    reason: Reason | None
    reserved_at: datetime
    expires_at: datetime
    shipment_id: UUID | None
    lines: list[_SlimLineView]


_decoder, _encoder = msgspec.json.Decoder(_SlimBody), msgspec.json.Encoder()


def _read(body: bytes, caller: Caller) -> Wanted:
    """Understand a body at first sight, as `post_reservation` would."""
    caller.must_have_role(RESERVING)
    try:
        read = _slim(body)
    except msgspec.MsgspecError:
        read = _wanted(ReservationBody.model_validate_json(body))
    caller.must_cover(read.site_id)
    return read


def _slim(body: bytes) -> Wanted:
    read = _decoder.decode(body)
    return Wanted(
        read.order_id,
        read.site_id,
        read.warehouse_id,
        timedelta(seconds=read.ttl_seconds),
        [
            WantedLine(line.item_id, _positive(line.quantity), line.unit, line.batch_id)
            for line in read.lines
        ],
        read.paid,
    )


def _positive(text: str) -> Decimal:
    if quantity := Decimal(text):
        return quantity
    raise msgspec.ValidationError("greater than zero")


def _written(made: Reservation) -> bytes:
    lines = [
        _SlimLineView(
            line.line_no,
            line.item_id,
            plain(line.quantity),
            line.batch_id,
            line.serials,
            line.unit,
            None if line.unit_quantity is None else plain(line.unit_quantity),
            line.unit_version,
            line.kit_item_id,
            line.kit_line_no,
        )
        for line in made.lines
    ]
    view = _SlimView(
        made.reservation_id,
        made.order_id,
        made.site_id,
        made.warehouse_id,
        made.status,
        made.reason,
        made.reserved_at,
        made.expires_at,
        made.shipment_id,
        lines,
    )
    return _encoder.encode(view)


async def _reserve(
    session: AsyncSession, orders: Sequence[Wanted], traceparents: Sequence[str | None]
) -> list[bytes | Refusal]:
    ends = await reserve_stock(session, orders, traceparents)
    return [_written(end) if isinstance(end, Reservation) else end for end in ends]


EXPRESS = Express("/reservations", 201, _read, _reserve)
"""`post_reservation` for many at once: the hot path of the platform."""


@queries.get("/reservations/explanations")
async def get_explanation(
    request: Request,
    session: Session,
    caller: Reader,
    asked: Annotated[ExplanationQuery, Query()],
) -> ExplanationView:
    """Say why a quantity of an item can or can't be shipped from a site just now."""
    caller.must_cover(asked.site_id)
    # One moment for all of it, so that no two figures contradict each other.
    _ = await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    serials = tuple(asked.serials)
    line = WantedLine(asked.item_id, asked.quantity, asked.unit, asked.batch_id, serials)
    wanted = Wanted(NO_ORDER, asked.site_id, asked.warehouse_id or "", timedelta(0), [line])
    if asked.warehouse_id is None:
        found = await explain_site(session, wanted)
    else:
        found = await explain_stock(session, [wanted])
    views = [_explained(one, language_of(request)) for one in found]
    best = next((one for one in views if one.can_ship), views[0])
    said = best.model_dump(exclude={"warehouse_id"})
    return ExplanationView(**asked.model_dump(), **said, warehouses=views)


def _explained(found: Explanation, language: str) -> WarehouseExplanation:
    return WarehouseExplanation(
        warehouse_id=found.warehouse_id,
        can_ship=found.can_ship,
        code=found.refusal and found.refusal.code,
        detail=found.refusal and found.refusal.text(language),
        facts=jsonable_encoder(found.refusal.facts) if found.refusal else {},
        lines=[LineExplanation.model_validate(one) for one in found.lines],
    )


@queries.get("/reservations/{reservation_id}")
async def get_reservation(
    reservation_id: UUID, session: Session, caller: Reader
) -> ReservationView:
    """Return a reservation."""
    reservation = await store.load(session, reservation_id)
    caller.must_cover(reservation.site_id)
    return ReservationView.model_validate(reservation)


@commands.post("/reservations/{reservation_id}/confirm")
async def post_confirmation(
    reservation_id: UUID, session: Session, caller: Reserver
) -> ConfirmedView:
    """Say that the order was paid: the reservation no longer expires."""
    reservation = await store.lock(session, reservation_id)
    caller.must_cover(reservation.site_id)
    await confirm_reservation(session, reservation)
    return await _confirmed(session, reservation)


async def _confirmed(session: AsyncSession, reservation: Reservation) -> ConfirmedView:
    dates = [DatesView.model_validate(one) for one in await date_lines(session, reservation)]
    held = ReservationView.model_validate(reservation)
    return ConfirmedView(**held.model_dump(), dates=dates)


@commands.post("/reservations/{reservation_id}/exchange")
async def post_exchange(
    reservation_id: UUID, body: ExchangeBody, session: Session, caller: Reserver
) -> ConfirmedView | ReservationView:
    """Hold other lines instead, all or nothing, until the same moment; refused, it stays as it is.

    The answer is a new reservation of the same order; the one before is released. What is held for
    good stays so, and the answer has its dates, as that to a confirmation; what stays of it was
    sold before, and the rules for new sales are for what is added. Once a part of it has left, it
    is not exchanged any more.
    """
    held = await store.lock(session, reservation_id)
    caller.must_cover(held.site_id)
    end = await exchange_reservation(session, held, [_line(line) for line in body.lines])
    if isinstance(end, Refusal):
        raise end
    if end.status is Status.CONFIRMED:
        return await _confirmed(session, end)
    return ReservationView.model_validate(end)


@commands.post("/reservations/{reservation_id}/release")
async def post_release(
    reservation_id: UUID, body: ReleaseBody, session: Session, caller: Reserver
) -> ReservationView:
    """Let go of the stock; once more gives the same answer.

    It ends the order that the stock was held for: what has not left of it is called off, and paid
    back if it was paid. What had left before that was heard of is booked all the same.
    """
    reservation = await store.lock(session, reservation_id)
    caller.must_cover(reservation.site_id)
    await release_reservations(session, [reservation], Reason(body.reason))
    return ReservationView.model_validate(reservation)


@commands.post("/reservations/{reservation_id}/release-rest")
async def post_release_of_rest(
    reservation_id: UUID, body: RestBody, session: Session, caller: Reserver
) -> ReservationView:
    """Let go of what has not left of an order that left in part; the rest goes on as it was."""
    reservation = await store.lock(session, reservation_id)
    caller.must_cover(reservation.site_id)
    shipped = dict[int, Decimal]()
    for line in body.shipped:
        shipped[line.line_no] = shipped.get(line.line_no, Decimal(0)) + line.quantity
    await release_the_rest(session, reservation, shipped, body.shipment_id)
    return ReservationView.model_validate(reservation)


@queries.post("/reservations/sources")
async def post_sources(body: SourcesBody, session: Session, caller: Reserver) -> SourcesView:
    """Say what each of these warehouses has of what is wanted; a question, which needs no key."""
    for site_id in sorted({body.site_id, *(place.site_id for place in body.places)}):
        caller.must_cover(site_id)
    wanted = Wanted(
        order_id=NO_ORDER,
        site_id=body.site_id,
        warehouse_id=body.warehouse_id,
        time_to_live=timedelta(0),
        lines=[_line(line) for line in body.lines],
    )
    places = [(place.site_id, place.warehouse_id) for place in body.places]
    return _sources(await look_for_sources(session, wanted, places))


def _sources(found: Sources) -> SourcesView:
    stock = [
        SourceStock(
            site_id=place.site_id,
            warehouse_id=place.warehouse_id,
            item_id=place.item_id,
            batch_id=place.batch_id,
            available=balance.available,
        )
        for place, balance in sorted(found.stock.items())
    ]
    return SourcesView(lines=[SourceLine.model_validate(line) for line in found.lines], stock=stock)
