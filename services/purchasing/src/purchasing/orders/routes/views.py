"""Orders as callers see them."""

from datetime import date
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from contracts.wire import Currency, Moment, Quantity, SignedQuantity, UnitCost
from purchasing.orders.domain import LineKind, OrderStatus, PriceSource, PurchaseOrder


class Part(BaseModel):
    """How much of a line is to arrive on a day, in the line's unit."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    due_date: date
    quantity: Quantity


class OrderLineOut(BaseModel):
    """A line of an order; `arriving` is on receipts not posted yet, `open` is still owed.

    What arrives is counted in the item's base unit, whatever unit was ordered.
    """

    line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    unit_cost: UnitCost
    kind: LineKind
    base_unit: str
    base_quantity: Quantity
    unit_version: int | None
    price_source: PriceSource
    list_price_id: UUID | None
    deliveries: list[Part]
    cancelled: SignedQuantity
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
    version: int
    author: str
    approved_by: str | None
    placed_at: Moment | None
    placed_by: str | None


class OrderOut(OrderHead):
    """An order."""

    lines: list[OrderLineOut]


class OrderChangeOut(BaseModel):
    """What changed about an order; `line_no` is null for its head."""

    change_id: UUID
    version: int
    line_no: int | None
    field: str
    was: str | None
    became: str | None
    changed_at: Moment
    changed_by: str
    reason: str | None


def shown(order: PurchaseOrder, response: Response) -> OrderOut:
    """Return an order as callers see it, and set its ETag."""
    response.headers["ETag"] = f'"{order.version}"'
    return OrderOut.model_validate(order, from_attributes=True)
