"""HTTP: purchase orders."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Currency, Name, Quantity, UnitCost
from purchasing.orders import queries
from purchasing.orders.domain import Delivery, LineKind, OrderStatus
from purchasing.orders.queries import OrderFilter
from purchasing.orders.routes.views import (
    OrderChangeOut,
    OrderHead,
    OrderLineOut,
    OrderOut,
    Part,
    shown,
)
from purchasing.orders.use_cases.make_lines import LineWanted
from purchasing.orders.use_cases.place_order import PlaceOrder, place_order
from purchasing.reference.routes import Reader
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router

LINES_MAX = 500
PARTS_MAX = 60
Buyer = Annotated[Caller, Depends(allow("buyer"))]

HEAD = ("supplier_id", "site_id", "warehouse_id", "currency", "due_date", "draft")

commands = command_router("orders")
queries_router = query_router("orders")


class OrderLineIn(BaseModel):
    """A line to be ordered."""

    model_config = ConfigDict(extra="forbid")

    item_id: Code
    quantity: Quantity
    unit: Code
    unit_cost: UnitCost | None = None
    """Without one the price that was agreed in advance counts."""
    kind: LineKind = LineKind.PURCHASE
    deliveries: Annotated[list[Part], Field(max_length=PARTS_MAX)] = []
    """Empty if the whole line is due on the order's day."""


class OrderIn(BaseModel):
    """An order to be placed."""

    model_config = ConfigDict(extra="forbid")

    supplier_id: Code
    site_id: Code
    warehouse_id: Code
    currency: Currency
    due_date: date | None = None
    """Without one the supplier's lead time, counted from today at the site, says when."""
    lines: Annotated[list[OrderLineIn], Field(min_length=1, max_length=LINES_MAX)]
    draft: bool = False
    """Only write the order down: it is placed later."""


@commands.post("/orders", status_code=201)
async def place(body: OrderIn, response: Response, session: Session, caller: Buyer) -> OrderOut:
    """Order goods from a supplier for a warehouse.

    The order is placed at once if the caller's roles may decide about its amount; otherwise it is
    submitted and waits for approval.
    """
    caller.must_cover(body.site_id)
    wanted = PlaceOrder(
        **{name: getattr(body, name) for name in HEAD},
        lines=[line_wanted(line) for line in body.lines],
        caller=caller,
    )
    return shown(await place_order(session, wanted), response)


def line_wanted(line: OrderLineIn) -> LineWanted:
    """Return what is to be ordered with a line."""
    parts = [Delivery(one.due_date, one.quantity) for one in line.deliveries]
    return LineWanted(line.item_id, line.quantity, line.unit, line.unit_cost, line.kind, parts)


class Filters(BaseModel):
    """Which orders are looked for."""

    site_id: Code | None = None
    supplier_id: Code | None = None
    status: OrderStatus | None = None
    number: Name | None = None
    item_id: Code | None = None
    due_until: date | None = None


def order_filter(caller: Reader, asked: Annotated[Filters, Depends()]) -> OrderFilter:
    """Return which orders the caller asks for and may see."""
    return OrderFilter(sites=caller.covered(), **asked.model_dump())


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
async def read_order(
    order_id: UUID, response: Response, session: Session, caller: Reader
) -> OrderOut:
    """Return an order; its lines say what was received and what is open."""
    head = await queries.order(session, order_id)
    caller.must_cover(head["site_id"])
    lines = await queries.order_lines(session, order_id)
    response.headers["ETag"] = f'"{head["version"]}"'
    return OrderOut(**head, lines=[OrderLineOut(**line) for line in lines])


@queries_router.get("/orders/{order_id}/changes")
async def list_changes(
    order_id: UUID, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[OrderChangeOut]:
    """List an order's steps and changes, the newest first: who, when, why, from what, to what."""
    caller.must_cover((await queries.order(session, order_id))["site_id"])
    rows = await queries.changes_before(session, order_id, paging.after_id(), paging.limit + 1)
    return paging.page([OrderChangeOut(**row) for row in rows], lambda one: [one.change_id])
