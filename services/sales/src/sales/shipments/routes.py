"""HTTP: shipments."""

from uuid import UUID

from pydantic import BaseModel

from contracts.wire import Amount, Code, Currency, Moment, Quantity
from sales.orders.routes import Seller
from sales.reference.routes import Reader
from sales.shipments import queries
from sales.shipments.use_cases.ship_order import ship_order
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, command_router, query_router

commands = command_router("shipments")
queries_router = query_router("shipments")


class ShipmentLineOut(BaseModel):
    """A line of a shipment."""

    line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    amount: Amount
    batch_id: str
    serials: list[str]


class ShipmentHead(BaseModel):
    """A shipment without its lines."""

    shipment_id: UUID
    number: str
    order_id: UUID
    reservation_id: UUID
    site_id: str
    warehouse_id: str
    currency: Currency
    posted_at: Moment
    posted_by: str


class ShipmentOut(ShipmentHead):
    """A shipment."""

    lines: list[ShipmentLineOut]


@commands.post("/orders/{order_id}/ship", status_code=201)
async def ship(order_id: UUID, session: Session, caller: Seller) -> ShipmentOut:
    """Ship a paid order."""
    shipment = await ship_order(session, order_id, caller)
    return ShipmentOut.model_validate(shipment, from_attributes=True)


@queries_router.get("/shipments")
async def list_shipments(
    session: Session, paging: CurrentPaging, caller: Reader, site_id: Code | None = None
) -> Page[ShipmentHead]:
    """List shipments, the newest first."""
    rows = await queries.shipments_before(
        session, site_id, caller.covered(), paging.after_id(), paging.limit + 1
    )
    return paging.page([ShipmentHead(**row) for row in rows], lambda one: [one.shipment_id])


@queries_router.get("/shipments/{shipment_id}")
async def read_shipment(shipment_id: UUID, session: Session, caller: Reader) -> ShipmentOut:
    """Return a shipment."""
    head = await queries.shipment(session, shipment_id)
    caller.must_cover(head["site_id"])
    lines = await queries.lines_of(session, head["site_id"], shipment_id)
    return ShipmentOut(**head, lines=[ShipmentLineOut(**line) for line in lines])
