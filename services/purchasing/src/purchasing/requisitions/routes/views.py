"""Requisitions as callers see them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.wire import Currency, Moment, Quantity, SignedQuantity, UnitCost
from purchasing.demand.domain import Requisition, RequisitionStatus
from purchasing.orders.domain import OrderStatus
from purchasing.requisitions import queries


class CoverOut(BaseModel):
    """A line of an order that covers a line: what counts of it, and what has come, in base units.

    `base_quantity` is what is still wanted of the order's line; of an order that was closed, what
    came.
    """

    model_config = ConfigDict(from_attributes=True)

    order_id: UUID
    order_line_no: int
    number: str
    status: OrderStatus
    supplier_id: str
    unit: str
    quantity: Quantity
    unit_cost: UnitCost
    currency: Currency
    base_quantity: SignedQuantity
    arriving: SignedQuantity
    received: SignedQuantity


class RequisitionLineOut(BaseModel):
    """A line; `ordered`, `open`, `given_up` and `received` are in the item's base unit.

    `unit_cost` is what the suggested supplier agreed in advance, in the currency of the books;
    null if it agreed nothing.
    """

    model_config = ConfigDict(from_attributes=True)

    line_no: int
    item_id: str
    warehouse_id: str
    unit: str
    quantity: Quantity
    base_unit: str
    base_quantity: Quantity
    unit_version: int | None
    needed_by: date
    supplier_id: str | None
    unit_cost: UnitCost | None
    note: str | None
    ordered: SignedQuantity
    given_up: SignedQuantity
    open: SignedQuantity
    received: SignedQuantity = Decimal(0)
    orders: list[CoverOut] = []


class RequisitionHead(BaseModel):
    """A requisition without its lines."""

    model_config = ConfigDict(from_attributes=True)

    requisition_id: UUID
    number: str
    status: RequisitionStatus
    site_id: str
    author: str
    created_at: Moment
    note: str | None
    version: int
    approved_by: str | None
    approved_at: Moment | None


class RequisitionOut(RequisitionHead):
    """A requisition, with the orders that cover it."""

    lines: list[RequisitionLineOut]


class RequisitionStepOut(BaseModel):
    """Where a requisition stood after a step; the reason of one that an order took is its number.

    A draft that was changed says so by its version.
    """

    step_id: UUID
    version: int
    status: RequisitionStatus
    at: Moment
    by: str
    reason: str | None


async def shown(
    session: AsyncSession, requisition: Requisition, answer: Response
) -> RequisitionOut:
    """Return a requisition as callers see it, and set its ETag."""
    answer.headers["ETag"] = f'"{requisition.version}"'
    [view] = await views(session, [requisition])
    return view


async def views(session: AsyncSession, requisitions: Sequence[Requisition]) -> list[RequisitionOut]:
    """Return requisitions with the orders that cover them."""
    await session.flush()
    found = await queries.orders_of(session, [one.requisition_id for one in requisitions])
    shown = [RequisitionOut.model_validate(one) for one in requisitions]
    for one in shown:
        for line in one.lines:
            rows = found.get((one.requisition_id, line.line_no), ())
            line.orders = [CoverOut.model_validate(row) for row in rows]
            line.received = sum((row["received"] for row in rows), Decimal(0))
    return shown
