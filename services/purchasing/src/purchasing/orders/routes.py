"""HTTP: purchase orders."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Currency, Moment, Name, Quantity, SignedQuantity, UnitCost
from purchasing.orders import queries
from purchasing.orders.domain import OrderStatus, PurchaseOrder
from purchasing.orders.queries import OrderFilter
from purchasing.orders.use_cases.place_order import LineWanted, PlaceOrder, place_order
from purchasing.reference.routes import Reader
from purchasing.settings import settings_of
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import (
    CurrentContext,
    Session,
    allow,
    command_router,
    query_router,
)

LINES_MAX = 500
Buyer = Annotated[Caller, Depends(allow("buyer"))]

commands = command_router("orders")
queries_router = query_router("orders")


class OrderLineIn(BaseModel):
    """A line to be ordered."""

    model_config = ConfigDict(extra="forbid")

    item_id: Code
    quantity: Quantity
    unit: Code
    unit_cost: UnitCost


class OrderIn(BaseModel):
    """An order to be placed."""

    model_config = ConfigDict(extra="forbid")

    supplier_id: Code
    site_id: Code
    warehouse_id: Code
    currency: Currency
    due_date: date
    lines: Annotated[list[OrderLineIn], Field(min_length=1, max_length=LINES_MAX)]


class OrderLineOut(BaseModel):
    """A line of an order; `arriving` is on receipts not posted yet, `open` is still owed."""

    line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    unit_cost: UnitCost
    received: SignedQuantity
    arriving: SignedQuantity
    open: SignedQuantity


class OrderHead(BaseModel):
    """An order without its lines."""

    order_id: UUID
    number: str
    status: OrderStatus
    supplier_id: str
    site_id: str
    warehouse_id: str
    currency: Currency
    due_date: date
    placed_at: Moment
    placed_by: str


class OrderOut(OrderHead):
    """An order."""

    lines: list[OrderLineOut]


@commands.post("/orders", status_code=201)
async def place(
    body: OrderIn, session: Session, context: CurrentContext, caller: Buyer
) -> OrderOut:
    """Order goods from a supplier for a warehouse."""
    caller.must_cover(body.site_id)
    wanted = PlaceOrder(
        supplier_id=body.supplier_id,
        site_id=body.site_id,
        warehouse_id=body.warehouse_id,
        currency=body.currency,
        due_date=body.due_date,
        lines=[
            LineWanted(line.item_id, line.quantity, line.unit, line.unit_cost)
            for line in body.lines
        ],
        placed_by=caller.subject,
        books_currency=settings_of(context).currency,
    )
    return shown(await place_order(session, wanted))


def order_filter(
    caller: Reader,
    site_id: Code | None = None,
    supplier_id: Code | None = None,
    status: OrderStatus | None = None,
    number: Name | None = None,
) -> OrderFilter:
    """Return which orders the caller asks for and may see."""
    return OrderFilter(
        sites=caller.covered(),
        site_id=site_id,
        supplier_id=supplier_id,
        status=status,
        number=number,
    )


@queries_router.get("/orders")
async def list_orders(
    session: Session,
    paging: CurrentPaging,
    wanted: Annotated[OrderFilter, Depends(order_filter)],
) -> Page[OrderHead]:
    """List orders, the newest first."""
    rows = await queries.orders_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([OrderHead(**row) for row in rows], lambda one: [one.order_id])


@queries_router.get("/orders/{order_id}")
async def read_order(order_id: UUID, session: Session, caller: Reader) -> OrderOut:
    """Return an order; its lines say what was received and what is open."""
    head = await queries.order(session, order_id)
    caller.must_cover(head["site_id"])
    lines = await queries.order_lines(session, order_id)
    return OrderOut(**head, lines=[OrderLineOut(**line) for line in lines])


def shown(order: PurchaseOrder) -> OrderOut:
    """Return an order as callers see it."""
    return OrderOut.model_validate(order, from_attributes=True)
