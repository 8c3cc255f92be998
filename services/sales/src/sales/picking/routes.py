"""HTTP: what is to be picked, what was picked, and shipping it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import BatchCode, Code, Moment, Quantity
from sales.orders.routes import SERIALS_MAX, Seller
from sales.picking import queries, store
from sales.picking.domain import GoodsPicked, Pick, PickStatus
from sales.picking.queries import PickFilter
from sales.picking.use_cases.end_pick import cancel_pick, ship_pick
from sales.picking.use_cases.pick_goods import pick_goods, pick_list
from sales.reference.routes import Device, Reader
from sales.shipments.routes import PARTS_MAX, LineNumber, RestsOut, ShipmentOut
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, command_router, query_router

commands = command_router("picking")
queries_router = query_router("picking")


class GoodsPickedIn(BaseModel):
    """What somebody has in hand of a line that is held, in the item's base unit."""

    model_config = ConfigDict(extra="forbid")

    line_no: LineNumber
    """As `/orders/{order_id}/pick-list` lists it."""
    quantity: Quantity
    batch_id: BatchCode = ""
    """The batch in hand; refused if another one is held."""
    serials: Annotated[list[Code], Field(max_length=SERIALS_MAX)] = []


class PickIn(BaseModel):
    """What was picked."""

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[GoodsPickedIn], Field(min_length=1, max_length=PARTS_MAX)]


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


@commands.post("/orders/{order_id}/picks", status_code=201)
async def pick(
    order_id: UUID,
    session: Session,
    caller: Seller,
    device: Device = None,
    body: PickIn | None = None,
) -> PickOut:
    """Confirm what was picked: the lines named, or without a body all that is not picked yet."""
    picked = [
        GoodsPicked(**{**dict(line), "serials": tuple(line.serials)})
        for line in (body.lines if body else ())
    ]
    return _shown(await pick_goods(session, order_id, caller, device, picked))


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
