"""HTTP: a buyer orders what sites ask for."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Currency, Quantity, UnitCost
from purchasing.orders.routes.orders import Buyer
from purchasing.orders.routes.views import OrderOut
from purchasing.requisitions.routes.requisitions import LINES_MAX
from purchasing.requisitions.routes.views import RequisitionOut, views
from purchasing.requisitions.use_cases.order_requisitions import (
    OrderRequisitions,
    Pick,
    order_requisitions,
)
from purchasing.settings import settings_of
from servicekit.http.routing import CurrentContext, Session, command_router

commands = command_router("requisitions")


class PickIn(BaseModel):
    """A line to be ordered; what is left out is as the requisition says, or as it was agreed.

    Without a quantity all that is open is ordered. Without a day the goods are due when they are
    needed, but no earlier than the supplier's lead time allows.
    """

    model_config = ConfigDict(extra="forbid")

    requisition_id: UUID
    line_no: Annotated[int, Field(ge=1, le=LINES_MAX)]
    quantity: Quantity | None = None
    unit: Code | None = None
    supplier_id: Code | None = None
    unit_cost: UnitCost | None = None
    due_date: date | None = None


class OrderingIn(BaseModel):
    """Which lines are ordered; the currency is that of the books if none is named."""

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[PickIn], Field(min_length=1, max_length=LINES_MAX)]
    currency: Currency | None = None
    draft: bool = False
    """Only write the orders down: they are placed later."""


class OrderedOut(BaseModel):
    """The orders that were made, and the requisitions as they are now."""

    orders: list[OrderOut]
    requisitions: list[RequisitionOut]


@commands.post("/requisitions/order", status_code=201)
async def order(
    body: OrderingIn, session: Session, context: CurrentContext, caller: Buyer
) -> OrderedOut:
    """Order lines of requisitions: one order for each supplier, site and warehouse.

    All are made or none. Each is placed at once if the caller's roles may decide about its amount.
    """
    wanted = OrderRequisitions(
        picks=[Pick(**dict(line)) for line in body.lines],
        currency=body.currency or settings_of(context).currency,
        caller=caller,
        draft=body.draft,
    )
    orders, requisitions = await order_requisitions(session, wanted)
    return OrderedOut(
        orders=[OrderOut.model_validate(one, from_attributes=True) for one in orders],
        requisitions=await views(session, requisitions),
    )
