"""HTTP: requisitions, orders, receipts and returns as files, a row for each line."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from contracts.wire import Currency, Moment, Quantity, Total
from purchasing.demand.domain import RequisitionStatus
from purchasing.demand.tables import requisition_lines, requisitions
from purchasing.orders.domain import LineKind, OrderStatus
from purchasing.orders.tables import purchase_order_lines, purchase_orders
from purchasing.receipts.domain import ReceiptStatus
from purchasing.receipts.tables import receipt_lines, receipts
from purchasing.reference.routes import Reader
from purchasing.returns.domain import GoodsStatus, ReturnCause, ReturnStatus
from purchasing.returns.tables import return_lines, returns
from servicekit.http.pages import FilePaging
from servicekit.http.routing import Session, query_router
from sheets.documents import DocumentLine, Documents, Export, FileQuery

router = query_router("insight")


class Goods(DocumentLine):
    """What each line names, and what a unit of it costs."""

    item_id: str
    unit: str
    quantity: Quantity
    unit_cost: Total
    currency: Currency


class OrderLine(Goods):
    """A line of an order; what was received is in base units."""

    order_id: UUID
    number: str
    status: OrderStatus
    supplier_id: str
    site_id: str
    warehouse_id: str
    due_date: date
    kind: LineKind
    base_unit: str
    base_quantity: Quantity
    received: Total
    cancelled: Total
    author: str
    approved_by: str | None
    placed_at: Moment | None


class AskedLine(DocumentLine):
    """A line of a requisition; what was ordered and given up is in base units."""

    requisition_id: UUID
    number: str
    status: RequisitionStatus
    site_id: str
    warehouse_id: str
    item_id: str
    unit: str
    quantity: Quantity
    base_unit: str
    base_quantity: Quantity
    unit_version: int | None
    needed_by: date
    supplier_id: str | None
    unit_cost: Total | None
    note: str | None
    ordered: Total
    given_up: Total
    author: str
    created_at: Moment
    approved_by: str | None
    approved_at: Moment | None


class ReceivedLine(Goods):
    """A line of a receipt."""

    receipt_id: UUID
    number: str
    status: ReceiptStatus
    order_id: UUID
    order_line_no: int
    supplier_id: str
    site_id: str
    warehouse_id: str
    delivery_note: str | None
    batch_id: str
    manufactured_on: date | None
    expires_on: date | None
    serials: list[str]
    received_at: Moment
    received_by: str
    posted_at: Moment | None
    posted_by: str | None
    booked_at: Moment | None


class ReturnedLine(DocumentLine):
    """A line of a return to a supplier."""

    return_id: UUID
    number: str
    status: ReturnStatus
    cause: ReturnCause
    note: str | None
    replace: bool
    receipt_id: UUID
    receipt_number: str
    receipt_line_no: int
    order_id: UUID
    supplier_id: str
    site_id: str
    warehouse_id: str
    item_id: str
    unit: str
    quantity: Quantity
    batch_id: str
    serials: list[str]
    goods_status: GoodsStatus | None
    returned_before: Total | None
    drafted_at: Moment
    drafted_by: str
    posted_at: Moment | None
    posted_by: str | None
    booked_at: Moment | None


ORDERS = Documents("orders", purchase_orders, purchase_order_lines, "order_id", OrderLine)
REQUISITIONS = Documents(
    "requisitions", requisitions, requisition_lines, "requisition_id", AskedLine
)
RECEIPTS = Documents("receipts", receipts, receipt_lines, "receipt_id", ReceivedLine)
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


@router.get("/exports/requisitions", response_class=Response)
async def export_requisitions(wanted: Wanted) -> Response:
    """Return requisitions as a file, a row for each line."""
    return await wanted.file(REQUISITIONS)


@router.get("/exports/receipts", response_class=Response)
async def export_receipts(wanted: Wanted) -> Response:
    """Return receipts as a file, a row for each line."""
    return await wanted.file(RECEIPTS)


@router.get("/exports/returns", response_class=Response)
async def export_returns(wanted: Wanted) -> Response:
    """Return returns to suppliers as a file, a row for each line."""
    return await wanted.file(RETURNS)
