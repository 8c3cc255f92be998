"""HTTP: what becomes of an order, from the draft to its end, and changes of what was agreed."""

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Name, Quantity, UnitCost
from purchasing.orders.domain import Delivery, LineChange
from purchasing.orders.routes.orders import LINES_MAX, PARTS_MAX, Buyer
from purchasing.orders.routes.views import OrderOut, Part, shown
from purchasing.orders.use_cases.change_order import ChangeOrder, change_agreed
from purchasing.orders.use_cases.step_order import (
    Step,
    approve_order,
    cancel_order,
    close_order,
    place_drafted_order,
    send_back_order,
    submit_order,
)
from purchasing.reference.routes.versions import Expected
from servicekit.auth import Caller
from servicekit.http.routing import Session, allow, command_router

Approver = Annotated[Caller, Depends(allow("buyer", "shop_manager", "finance"))]
"""Whose limit reaches far enough; the limits say who that is."""

commands = command_router("orders")


def buyers(order_id: UUID, caller: Buyer, expected: Expected) -> Step:
    """Return a step that a buyer takes with an order."""
    return Step(order_id, caller, expected)


def approvers(order_id: UUID, caller: Approver, expected: Expected) -> Step:
    """Return a step that whoever may approve takes with an order."""
    return Step(order_id, caller, expected)


ByBuyer = Annotated[Step, Depends(buyers)]
ByApprover = Annotated[Step, Depends(approvers)]


class Reason(BaseModel):
    """Why it is done."""

    model_config = ConfigDict(extra="forbid")

    reason: Name


class LineChangeIn(BaseModel):
    """What is to be different about a line; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    line_no: int
    quantity: Quantity | None = None
    unit_cost: UnitCost | None = None
    deliveries: Annotated[list[Part], Field(max_length=PARTS_MAX)] | None = None
    cancel_rest: bool = False
    """True gives up what has not come and is on no receipt."""


class ChangeIn(Reason):
    """What is to be different about an order."""

    due_date: date | None = None
    lines: Annotated[list[LineChangeIn], Field(max_length=LINES_MAX)] = []


@commands.post("/orders/{order_id}/change")
async def change(step: ByBuyer, body: ChangeIn, response: Response, session: Session) -> OrderOut:
    """Change quantities, prices or days, or give up the rest of lines."""
    wanted = ChangeOrder(
        step=step,
        due_date=body.due_date,
        lines=[_line(one) for one in body.lines],
        reason=body.reason,
    )
    return shown(await change_agreed(session, wanted), response)


def _line(line: LineChangeIn) -> LineChange:
    parts = line.deliveries
    return LineChange(
        line_no=line.line_no,
        quantity=line.quantity,
        unit_cost=line.unit_cost,
        deliveries=None
        if parts is None
        else [Delivery(one.due_date, one.quantity) for one in parts],
        cancel_rest=line.cancel_rest,
    )


@commands.post("/orders/{order_id}/submit")
async def submit(step: ByBuyer, response: Response, session: Session) -> OrderOut:
    """Ask for the approval of a draft."""
    return shown(await submit_order(session, step), response)


@commands.post("/orders/{order_id}/approve")
async def approve(step: ByApprover, response: Response, session: Session) -> OrderOut:
    """Approve an order that somebody else drafted."""
    return shown(await approve_order(session, step), response)


@commands.post("/orders/{order_id}/send-back")
async def send_back(
    step: ByApprover, body: Reason, response: Response, session: Session
) -> OrderOut:
    """Return an order to its author, who may change it."""
    return shown(await send_back_order(session, replace(step, reason=body.reason)), response)


@commands.post("/orders/{order_id}/place")
async def place(step: ByBuyer, response: Response, session: Session) -> OrderOut:
    """Order from the supplier what is approved, or needs no approval."""
    return shown(await place_drafted_order(session, step), response)


@commands.post("/orders/{order_id}/close")
async def close(step: ByBuyer, body: Reason, response: Response, session: Session) -> OrderOut:
    """Expect no more of an order; what has come stays."""
    return shown(await close_order(session, replace(step, reason=body.reason)), response)


@commands.post("/orders/{order_id}/cancel")
async def cancel(step: ByBuyer, body: Reason, response: Response, session: Session) -> OrderOut:
    """Cancel an order of which nothing has come."""
    return shown(await cancel_order(session, replace(step, reason=body.reason)), response)
