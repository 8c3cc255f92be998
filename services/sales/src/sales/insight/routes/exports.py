"""HTTP: orders, shipments and returns as files, a row for each line."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from contracts.wire import Amount, Currency, Moment, Quantity
from sales.channels.domain import Channel
from sales.orders.domain.states import OrderStatus, Shortage
from sales.orders.tables import sales_order_lines, sales_orders
from sales.picking.domain import PickStatus
from sales.picking.tables import pick_lines, picks
from sales.reference.routes import Reader
from sales.returns.domain.states import ReturnCause, ReturnStatus
from sales.returns.tables import return_lines, returns
from sales.shipments.tables import shipment_lines, shipments
from servicekit.http.pages import FilePaging
from servicekit.http.routing import Session, query_router
from sheets.documents import DocumentLine, Documents, Export, FileQuery

router = query_router("insight")


class Goods(DocumentLine):
    """What each line names."""

    item_id: str
    unit: str
    quantity: Quantity
    batch_id: str
    serials: list[str]


class OrderLine(Goods):
    """A line of an order."""

    order_id: UUID
    number: str
    status: OrderStatus
    customer_id: str
    site_id: str
    warehouse_id: str
    currency: Currency
    amount: Amount
    channel: Channel
    placed_at: Moment
    placed_by: str
    paid_at: Moment | None
    cause: str | None
    shortage: Shortage
    promised_at: Moment | None
    from_order_id: UUID | None
    back_order_id: UUID | None
    on_credit: bool
    closed_at: Moment | None


class ShippedLine(Goods):
    """A line of a shipment."""

    shipment_id: UUID
    number: str
    order_id: UUID
    site_id: str
    warehouse_id: str
    currency: Currency
    amount: Amount
    posted_at: Moment
    posted_by: str
    device_id: str | None
    signed_at: Moment | None
    signed_by: str | None


class ReturnedLine(Goods):
    """A line of a return; `amount` is what the customer got back, once it was posted."""

    return_id: UUID
    number: str
    status: ReturnStatus
    cause: ReturnCause
    shipment_number: str
    shipment_line_no: int
    customer_id: str
    site_id: str
    warehouse_id: str
    currency: Currency
    amount: Amount | None
    returned_at: Moment
    returned_by: str
    device_id: str | None
    posted_at: Moment | None
    reason: str | None


class PickedLine(Goods):
    """A line of a pick; `number` is its order's."""

    pick_id: UUID
    number: str
    order_id: UUID
    status: PickStatus
    site_id: str
    warehouse_id: str
    picked_at: Moment
    picked_by: str
    device_id: str | None
    shipment_id: UUID | None


ORDERS = Documents(
    "orders",
    sales_orders,
    sales_order_lines,
    "order_id",
    OrderLine,
    sales_order_lines.c.line_no >= sales_orders.c.lines_from,
)
SHIPMENTS = Documents("shipments", shipments, shipment_lines, "shipment_id", ShippedLine)
PICKS = Documents("picks", picks, pick_lines, "pick_id", PickedLine)
RETURNS = Documents("returns", returns, return_lines, "return_id", ReturnedLine)


def export(
    request: Request,
    session: Session,
    caller: Reader,
    paging: FilePaging,
    wanted: Annotated[FileQuery, Query()],
) -> Export:
    """Return what the caller wants as a file."""
    return Export(request, session, caller, paging, wanted)


Wanted = Annotated[Export, Depends(export)]


@router.get("/exports/orders", response_class=Response)
async def export_orders(wanted: Wanted) -> Response:
    """Return orders as a file, a row for each line."""
    return await wanted.file(ORDERS)


@router.get("/exports/shipments", response_class=Response)
async def export_shipments(wanted: Wanted) -> Response:
    """Return shipments as a file, a row for each line."""
    return await wanted.file(SHIPMENTS)


@router.get("/exports/returns", response_class=Response)
async def export_returns(wanted: Wanted) -> Response:
    """Return returns as a file, a row for each line."""
    return await wanted.file(RETURNS)


@router.get("/exports/picks", response_class=Response)
async def export_picks(wanted: Wanted) -> Response:
    """Return picks as a file, a row for each line."""
    return await wanted.file(PICKS)
