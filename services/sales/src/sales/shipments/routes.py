"""HTTP: shipments."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Amount, Code, Currency, Moment, Name, Quantity
from sales.orders.routes import SERIALS_MAX, WAITS, OrderHead, Seller, answer_with
from sales.reference.routes import Device, Reader
from sales.shipments import queries
from sales.shipments.domain import PartWanted, Rest, Signature, SignedVia
from sales.shipments.use_cases.cancel_rest import cancel_rest
from sales.shipments.use_cases.deliver_shipments import deliver_listed, deliver_shipment
from sales.shipments.use_cases.ship_order import rest_of, ship_order
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.problems import language_of
from servicekit.http.routing import (
    CurrentContext,
    Session,
    command_router,
    query_router,
    step_router,
)
from sheets.imports import ImportReport, ImportView, read_lines
from sheets.reading import SHEET, SheetUnreadable, read_sheet

commands = command_router("shipments")
steps = step_router("shipments")
queries_router = query_router("shipments")

DELIVERIES_MAX = 500
PARTS_MAX = 2_000
LineNumber = Annotated[int, Field(ge=1)]


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
    """When nothing of it was under way any more, back again or lost, unless it was signed for."""


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


class PartIn(BaseModel):
    """How much of a line that is held leaves now, in the item's base unit."""

    model_config = ConfigDict(extra="forbid")

    line_no: LineNumber
    """As `/orders/{order_id}/rest` lists it."""
    quantity: Quantity
    serials: Annotated[list[Code], Field(max_length=SERIALS_MAX)] = []


class PartsIn(BaseModel):
    """What leaves now; the rest goes on being held for the order."""

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[PartIn], Field(min_length=1, max_length=PARTS_MAX)]


class RestOut(BaseModel):
    """What of a line that is held has not left yet: what is still to be picked."""

    line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    batch_id: str
    serials: list[str]


class RestsOut(BaseModel):
    """What of an order has not left yet."""

    order_id: UUID
    items: list[RestOut]

    @classmethod
    def of(cls, order_id: UUID, left: Mapping[int, Rest]) -> "RestsOut":
        """Return it as callers see it."""
        items = [
            RestOut(
                line_no=line_no,
                item_id=rest.whole.item_id,
                unit=rest.whole.unit,
                quantity=rest.quantity,
                batch_id=rest.whole.batch_id,
                serials=list(rest.serials),
            )
            for line_no, rest in sorted(left.items())
        ]
        return cls(order_id=order_id, items=items)


@commands.post("/orders/{order_id}/ship", status_code=201)
async def ship(
    order_id: UUID,
    session: Session,
    caller: Seller,
    device: Device = None,
    body: PartsIn | None = None,
) -> ShipmentOut:
    """Ship a paid order: the lines named, or without a body all that has not left yet."""
    wanted = [
        PartWanted(line_no=one.line_no, quantity=one.quantity, serials=tuple(one.serials))
        for one in (body.lines if body else ())
    ]
    shipment = await ship_order(session, order_id, caller, device, wanted)
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


@commands.post("/deliveries/import-file", openapi_extra=SHEET)
async def import_delivery_sheet(request: Request, session: Session, caller: Seller) -> ImportView:
    """Take a carrier's CSV or XLSX sheet of what was delivered; each row that can't be is told why.

    Its columns are those of a line of `/deliveries/import`.
    """
    raw, at = await read_sheet(request, ListedDelivery), now()
    if len(raw) > DELIVERIES_MAX:
        raise SheetUnreadable(reason=f"it has more than {DELIVERIES_MAX} lines; split it")
    lines = read_lines(request, raw, "number", ListedDelivery.model_validate_strings)
    listed = {line: (one.number, one.signature(at, caller)) for line, one in lines.taken.items()}
    done = await deliver_listed(session, listed, caller)
    return lines.report(ImportReport(done.accepted, done.unchanged, done.refused))


@queries_router.get("/orders/{order_id}/rest")
async def read_rest(order_id: UUID, session: Session, caller: Reader) -> RestsOut:
    """Return what is held for an order and has not left yet; nothing once nothing is held."""
    left = await rest_of(session, order_id, caller)
    return RestsOut.of(order_id, left)


@queries_router.get("/shipments")
async def list_shipments(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    site_id: Code | None = None,
    order_id: UUID | None = None,
) -> Page[ShipmentHead]:
    """List shipments, the newest first."""
    rows = await queries.shipments_before(
        session, (site_id, order_id), caller.covered(), paging.after_id(), paging.limit + 1
    )
    return paging.page([ShipmentHead(**row) for row in rows], lambda one: [one.shipment_id])


@queries_router.get("/shipments/{shipment_id}")
async def read_shipment(shipment_id: UUID, session: Session, caller: Reader) -> ShipmentOut:
    """Return a shipment."""
    head = await queries.shipment(session, shipment_id)
    caller.must_cover(head["site_id"])
    lines = await queries.lines_of(session, head["site_id"], shipment_id)
    return ShipmentOut(**head, lines=[ShipmentLineOut(**line) for line in lines])


@steps.post("/orders/{order_id}/cancel-rest", response_model=OrderHead, responses=WAITS)
async def cancel_what_is_left(order_id: UUID, context: CurrentContext, caller: Seller) -> Response:
    """Cancel what has not left of an order that left in part; 202 while it is not free yet."""
    return await answer_with(context, await cancel_rest(context, order_id, caller), 200)
