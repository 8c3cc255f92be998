"""Reservations over HTTP."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.wire import Code, Moment, Quantity
from inventory.reservations import store
from inventory.reservations.domain.assortment import Wanted, WantedLine
from inventory.reservations.domain.reservation import Reason, Reservation, Status
from inventory.reservations.use_cases.confirm_reservation import confirm_reservation
from inventory.reservations.use_cases.release_reservations import release_reservations
from inventory.reservations.use_cases.reserve_stock import reserve_stock
from inventory.settings import READING, RESERVING
from servicekit.auth import Caller
from servicekit.errors import Refusal
from servicekit.http.express import Express
from servicekit.http.routing import Session, allow, command_router, query_router

queries = query_router("reservations")
commands = command_router("reservations")

Reserver = Annotated[Caller, Depends(allow(*RESERVING))]
Reader = Annotated[Caller, Depends(allow(*READING))]

LINES_MAX = 500
TWO_HOURS_SECONDS = 7200
WEEK_SECONDS = 604_800


class LineBody(BaseModel):
    """A line to reserve."""

    model_config = ConfigDict(extra="forbid")

    item_id: Code
    quantity: Quantity
    unit: Code


class ReservationBody(BaseModel):
    """What is to be held for an order."""

    model_config = ConfigDict(extra="forbid")

    site_id: Code
    warehouse_id: Code
    order_id: UUID
    lines: Annotated[list[LineBody], Field(min_length=1, max_length=LINES_MAX)]
    ttl_seconds: Annotated[int, Field(ge=1, le=WEEK_SECONDS)] = TWO_HOURS_SECONDS


class ReleaseBody(BaseModel):
    """Why the stock is let go."""

    model_config = ConfigDict(extra="forbid")

    reason: Literal["cancelled"]


class LineView(BaseModel):
    """A line of a reservation, in the item's base unit."""

    model_config = ConfigDict(from_attributes=True)

    line_no: int
    item_id: str
    quantity: Quantity


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


@commands.post("/reservations", status_code=201)
async def post_reservation(
    body: ReservationBody, session: Session, caller: Reserver
) -> ReservationView:
    """Hold stock for an order, all lines or none."""
    caller.must_cover(body.site_id)
    (end,) = await reserve_stock(session, [_wanted(body)])
    if isinstance(end, Refusal):
        raise end
    return ReservationView.model_validate(end)


def _wanted(body: ReservationBody) -> Wanted:
    return Wanted(
        order_id=body.order_id,
        site_id=body.site_id,
        warehouse_id=body.warehouse_id,
        time_to_live=timedelta(seconds=body.ttl_seconds),
        lines=[WantedLine(line.item_id, line.quantity, line.unit) for line in body.lines],
    )


def _read(body: bytes, caller: Caller) -> Wanted:
    """Understand a body at first sight, as `post_reservation` would."""
    caller.must_have_role(RESERVING)
    read = ReservationBody.model_validate_json(body)
    caller.must_cover(read.site_id)
    return _wanted(read)


async def _reserve(
    session: AsyncSession, orders: Sequence[Wanted], traceparents: Sequence[str | None]
) -> list[bytes | Refusal]:
    return [
        ReservationView.model_validate(end).model_dump_json().encode()
        if isinstance(end, Reservation)
        else end
        for end in await reserve_stock(session, orders, traceparents)
    ]


EXPRESS = Express("/reservations", 201, _read, _reserve)
"""`post_reservation` for many at once: the hot path of the platform."""


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
) -> ReservationView:
    """Say that the order was paid: the reservation no longer expires."""
    reservation = await store.lock(session, reservation_id)
    caller.must_cover(reservation.site_id)
    await confirm_reservation(session, reservation)
    return ReservationView.model_validate(reservation)


@commands.post("/reservations/{reservation_id}/release")
async def post_release(
    reservation_id: UUID, body: ReleaseBody, session: Session, caller: Reserver
) -> ReservationView:
    """Let go of the stock; once more gives the same answer."""
    reservation = await store.lock(session, reservation_id)
    caller.must_cover(reservation.site_id)
    await release_reservations(session, [reservation], Reason(body.reason))
    return ReservationView.model_validate(reservation)
