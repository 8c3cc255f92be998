"""HTTP: shipments."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Amount, Code, Currency, Moment, Name, Quantity
from sales.orders.routes import Seller
from sales.reference.routes import Device, Reader
from sales.shipments import queries
from sales.shipments.domain import Signature, SignedVia
from sales.shipments.use_cases.deliver_shipments import deliver_listed, deliver_shipment
from sales.shipments.use_cases.ship_order import ship_order
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.problems import language_of
from servicekit.http.routing import Session, command_router, query_router

commands = command_router("shipments")
queries_router = query_router("shipments")

DELIVERIES_MAX = 500


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
    device_id: str | None
    signed_at: Moment | None
    signed_by: str | None
    signed_via: SignedVia | None
    proof: str | None
    noted_at: Moment | None
    noted_by: str | None
    came_back_at: Moment | None
    """When all of it was back again, if nobody signed for it before."""


class DeliveryIn(BaseModel):
    """Who took the goods, when, and where the proof is."""

    model_config = ConfigDict(extra="forbid")

    signed_by: Name
    signed_at: Moment | None = None
    """Now, if not given."""
    signed_via: Literal[SignedVia.SCAN, SignedVia.LINK, SignedVia.CARRIER] = SignedVia.SCAN
    proof: Name | None = None
    """Where the photo is found."""

    def signature(self, at: datetime, caller: Caller) -> Signature:
        """Return the signature as the domain takes it."""
        return Signature(
            signed_at=self.signed_at or at,
            signed_by=self.signed_by,
            signed_via=self.signed_via,
            proof=self.proof,
            noted_at=at,
            noted_by=caller.subject,
        )


class ListedDelivery(BaseModel):
    """A line of a carrier's file."""

    model_config = ConfigDict(extra="forbid")

    number: Name
    """The shipment's."""
    signed_by: Name
    signed_at: Moment
    proof: Name | None = None

    def signature(self, at: datetime, caller: Caller) -> Signature:
        """Return the signature as the domain takes it."""
        return Signature(
            signed_at=self.signed_at,
            signed_by=self.signed_by,
            signed_via=SignedVia.CARRIER,
            proof=self.proof,
            noted_at=at,
            noted_by=caller.subject,
        )


class CarrierFile(BaseModel):
    """What a carrier says was delivered."""

    model_config = ConfigDict(extra="forbid")

    deliveries: Annotated[list[ListedDelivery], Field(min_length=1, max_length=DELIVERIES_MAX)]


class RefusedDelivery(BaseModel):
    """A line that was left out, and why."""

    line: int
    number: str
    code: str
    detail: str


class DeliveriesView(BaseModel):
    """What became of a carrier's lines, which count from 1."""

    accepted: int
    unchanged: int
    refused: list[RefusedDelivery]


class ShipmentOut(ShipmentHead):
    """A shipment."""

    lines: list[ShipmentLineOut]


@commands.post("/orders/{order_id}/ship", status_code=201)
async def ship(
    order_id: UUID, session: Session, caller: Seller, device: Device = None
) -> ShipmentOut:
    """Ship a paid order."""
    shipment = await ship_order(session, order_id, caller, device)
    return ShipmentOut.model_validate(shipment, from_attributes=True)


@commands.post("/shipments/{shipment_id}/deliver")
async def deliver(
    shipment_id: UUID, body: DeliveryIn, session: Session, caller: Seller
) -> ShipmentOut:
    """Note that the customer signed for a shipment: it is in transit no longer."""
    signature = body.signature(now(), caller)
    shipment = await deliver_shipment(session, shipment_id, signature, caller)
    return ShipmentOut.model_validate(shipment, from_attributes=True)


@commands.post("/deliveries/import")
async def import_deliveries(
    body: CarrierFile, request: Request, session: Session, caller: Seller
) -> DeliveriesView:
    """Take what a carrier says was delivered; each line that can't be is told why."""
    at, language = now(), language_of(request)
    listed = {
        line: (one.number, one.signature(at, caller))
        for line, one in enumerate(body.deliveries, start=1)
    }
    result = await deliver_listed(session, listed, caller)
    refused = [
        RefusedDelivery(line=line, number=listed[line][0], code=why.code, detail=why.text(language))
        for line, why in result.refused.items()
    ]
    return DeliveriesView(accepted=result.accepted, unchanged=result.unchanged, refused=refused)


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
