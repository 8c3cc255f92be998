"""HTTP: what is to be picked, what was picked, and shipping it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import BatchCode, Code, Moment, Quantity
from sales.orders.routes import SERIALS_MAX, Seller
from sales.picking import queries, store
from sales.picking.domain import GoodsPicked, Pick, PickStatus
from sales.picking.queries import PickFilter
from sales.picking.use_cases.end_pick import cancel_pick, ship_pick
from sales.picking.use_cases.pick_goods import PickGoods, pick_goods, pick_list
from sales.reference.routes import Device, Reader
from sales.shipments.routes import PARTS_MAX, LineNumber, RestsOut, ShipmentOut
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.problems import ProblemResponse
from servicekit.http.routing import (
    CurrentClaim,
    CurrentContext,
    Session,
    command_router,
    query_router,
    step_router,
)

steps = step_router("picking")
commands = command_router("picking")
queries_router = query_router("picking")


class GoodsPickedIn(BaseModel):
    """What somebody has in hand of a line that is held, in the item's base unit."""

    model_config = ConfigDict(extra="forbid")

    line_no: LineNumber
    """As `/orders/{order_id}/pick-list` lists it."""
    quantity: Quantity
    batch_id: BatchCode = ""
    """The batch in hand; refused if another one is held, unless that is to be exchanged."""
    serials: Annotated[list[Code], Field(max_length=SERIALS_MAX)] = []
    """The units in hand; refused if others are held, unless those are to be exchanged."""


class PickIn(BaseModel):
    """What was picked."""

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[GoodsPickedIn], Field(min_length=1, max_length=PARTS_MAX)]
    exchange: bool = False
    """Whether the order is to hold the batches and units in hand instead of those that are held.

    Inventory exchanges all or nothing; if it refuses, nothing is picked and all stays as it was.
    """


class PickLineOut(BaseModel):
    """What was picked of a line."""

    model_config = ConfigDict(from_attributes=True)

    line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    batch_id: str
    serials: list[str]


class PickHead(BaseModel):
    """A pick without its lines."""

    pick_id: UUID
    order_id: UUID
    number: str
    """The order's."""
    site_id: str
    warehouse_id: str
    picked_at: Moment
    picked_by: str
    device_id: str | None
    status: PickStatus
    shipment_id: UUID | None
    ended_at: Moment | None
    ended_by: str | None


class PickOut(PickHead):
    """A pick."""

    lines: list[PickLineOut]


class PickQuery(BaseModel):
    """Narrows which picks are listed."""

    site_id: Code | None = None
    order_id: UUID | None = None
    status: PickStatus | None = None


def _asked(caller: Reader, wanted: Annotated[PickQuery, Depends()]) -> PickFilter:
    return PickFilter(sites=caller.covered(), **dict(wanted))


def _shown(pick: Pick) -> PickOut:
    return PickOut.model_validate(pick, from_attributes=True)


@queries_router.get("/orders/{order_id}/pick-list")
async def read_pick_list(order_id: UUID, session: Session, caller: Reader) -> RestsOut:
    """Return what is held for an order, has not left and is not picked: what to take, by batch."""
    return RestsOut.of(order_id, await pick_list(session, order_id, caller))


@steps.post("/orders/{order_id}/picks", status_code=201, response_model=PickOut)
async def pick(
    order_id: UUID,
    claim: CurrentClaim,
    context: CurrentContext,
    caller: Seller,
    device: Device = None,
    body: PickIn | None = None,
) -> Response:
    """Confirm what was picked: the lines named, or without a body all that is not picked yet.

    With `exchange`, other batches or units may be in hand than are held, as long as nothing of the
    order has left or waits to be shipped. While inventory has not answered whether it may have
    them (503), the same request is to be sent again, with its key.
    """
    wanted = PickGoods(
        order_id=order_id,
        pick_id=claim.id,
        device_id=device,
        goods=[
            GoodsPicked(**{**dict(line), "serials": tuple(line.serials)})
            for line in (body.lines if body else ())
        ],
        exchange=body is not None and body.exchange,
    )
    made = await pick_goods(context, wanted, caller)
    if isinstance(made, Pick):
        return Response(_shown(made).model_dump_json(), 201, media_type="application/json")
    return ProblemResponse(
        {**(made.problem or {}), "order_id": str(order_id)},
        status_code=int((made.problem or {}).get("status", 409)),
    )


@commands.post("/picks/{pick_id}/ship", status_code=201)
async def ship(
    pick_id: UUID, session: Session, caller: Seller, device: Device = None
) -> ShipmentOut:
    """Ship just what was picked."""
    shipment = await ship_pick(session, pick_id, caller, device)
    return ShipmentOut.model_validate(shipment, from_attributes=True)


@commands.post("/picks/{pick_id}/cancel")
async def cancel(pick_id: UUID, session: Session, caller: Seller) -> PickOut:
    """Note that the goods are back on the shelf; they go on being held for the order."""
    return _shown(await cancel_pick(session, pick_id, caller))


@queries_router.get("/picks")
async def list_picks(
    session: Session, paging: CurrentPaging, wanted: Annotated[PickFilter, Depends(_asked)]
) -> Page[PickHead]:
    """List picks, the newest first."""
    rows = await queries.picks_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([PickHead(**row) for row in rows], lambda one: [one.pick_id])


@queries_router.get("/picks/{pick_id}")
async def read_pick(pick_id: UUID, session: Session, caller: Reader) -> PickOut:
    """Return a pick."""
    found = await store.pick_of(session, pick_id)
    caller.must_cover(found.site_id)
    return _shown(found)
