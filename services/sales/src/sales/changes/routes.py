"""HTTP: changes of orders."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

from contracts.wire import Amount, Moment, Quantity
from sales.changes import queries
from sales.changes.use_cases.change_order import ChangeOrder, change_order
from sales.orders import queries as orders
from sales.orders.domain.change_refusals import ChangeShort, OrderNotChangeable
from sales.orders.domain.changing import OrderChange, Outcome
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import OrderStatus
from sales.orders.routes import (
    LINES_MAX,
    WAITS,
    HeldLineOut,
    OrderHead,
    OrderLineIn,
    OrderLineOut,
    PaymentIn,
    Seller,
    answer_with,
    lines_wanted,
)
from sales.reference.routes import Reader
from sales.substitutes.use_cases.propose_substitutes import Buyer, with_substitutes
from servicekit.context import Context
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.problems import ProblemResponse
from servicekit.http.routing import (
    CurrentClaim,
    CurrentContext,
    Session,
    query_router,
    step_router,
)

BIGGEST_LINE = 2**31 - 1
Line = TypeVar("Line", bound=BaseModel)

steps = step_router("changes")
queries_router = query_router("changes")


class ChangeIn(BaseModel):
    """All that an order is to be for from now on."""

    model_config = ConfigDict(extra="forbid")

    lines_from: Annotated[int, Field(ge=1, le=BIGGEST_LINE)]
    """The order's `lines_from` as the caller saw it: if it is another one now, look again."""
    lines: Annotated[list[OrderLineIn], Field(min_length=1, max_length=LINES_MAX)]
    promised_on: date | None = None
    """For which day the goods are promised from now on; as before if left out."""
    payment: PaymentIn | None = None
    """What is paid with the change: exactly what a paid order then comes to more.

    Refused with the figure (`difference_to_pay`) if it is another amount. What a paid order comes
    to less is paid back; what is on credit is owed, or owed no longer.
    """


class SwapLineOut(HeldLineOut):
    """What is held for a line of an order since other goods were in hand."""

    in_hand: Quantity | None
    serials_in_hand: list[str]


class ChangeOut(BaseModel):
    """Who wanted an order to be for something else, and what became of that."""

    change_no: int
    asked_at: Moment
    asked_by: str
    lines_from: int
    """The first of its lines, numbered on from those before."""
    total_before: Amount
    total: Amount
    promised_at: Moment | None
    """When the goods were promised from then on, if another day was named."""
    paid_besides: Amount | None
    """What was paid with it; it counts once it is done."""
    paid_back: Amount | None
    """What of what was paid before is given back once it is done."""
    outcome: Outcome
    decided_at: Moment | None
    problem: dict[str, Any] | None
    """Why inventory refused, in its own words."""
    swap: bool
    """Only other batches or units are held: those that were in hand when the goods were picked."""
    lines: list[OrderLineOut]
    """What it is to be for; a swap leaves its lines as they are."""
    held: list[SwapLineOut]
    """What is to be held for the same lines, in base units, and what of it was in hand."""


@steps.post("/orders/{order_id}/change", response_model=OrderHead, responses=WAITS)
async def change(
    order_id: UUID, body: ChangeIn, claim: CurrentClaim, context: CurrentContext, caller: Seller
) -> Response:
    """Change what an order is for; 202 while inventory has not answered.

    Its goods are exchanged as a whole, and for no longer than before; if some are not there, all
    stays as it was. An order that is paid, or on credit, is changed as long as nothing of it has
    left or is picked; money moves once its goods are exchanged.
    """
    wanted = ChangeOrder(
        order_id=order_id,
        change_id=claim.id,
        lines_from=body.lines_from,
        lines=lines_wanted(body.lines),
        promised_on=body.promised_on,
        payment=None if body.payment is None else body.payment.amount,
    )
    order, made = await change_order(context, wanted, caller)
    if made.outcome is Outcome.REFUSED:
        return await _refusal(context, order, made)
    if made.outcome is Outcome.LAPSED and order.status is not OrderStatus.EXPIRED:
        raise OrderNotChangeable(
            number=order.number, order_id=order.order_id, status=order.status.value
        )
    return await answer_with(context, order, 200)


@queries_router.get("/orders/{order_id}/changes")
async def list_changes(
    order_id: UUID, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[ChangeOut]:
    """List who changed what of an order and when, and what was refused."""
    head = await orders.order(session, order_id)
    caller.must_cover(head["site_id"])
    order = head["site_id"], order_id
    rows = await queries.changes_after(session, order, paging.after_number(), paging.limit + 1)
    numbers = [row["change_no"] for row in rows]
    lines = _grouped(OrderLineOut, await queries.lines_of(session, order, numbers))
    held = _grouped(SwapLineOut, await queries.swap_lines_of(session, order, numbers))
    found = [
        ChangeOut(**row, lines=lines.get(no, []), held=held.get(no, []))
        for no, row in zip(numbers, rows, strict=True)
    ]
    return paging.page(found, lambda one: [one.change_no])


def _grouped(form: type[Line], rows: Sequence[RowMapping]) -> dict[int, list[Line]]:
    lines = dict[int, list[Line]]()
    for row in rows:
        lines.setdefault(row["change_no"], []).append(form.model_validate(dict(row)))
    return lines


async def _refusal(context: Context, order: SalesOrder, made: OrderChange) -> Response:
    """Pass inventory's refusal on with all its facts, and the order that stays as it was."""
    problem: Mapping[str, Any] = made.problem or {}
    about = {"order_id": order.order_id, "number": order.number}
    if problem.get("code") == ChangeShort.code:
        told = await with_substitutes(context, Buyer.of(order), problem)
        raise ChangeShort(**{**told, **about})
    body = {**problem, **about, "order_id": str(order.order_id)}
    return ProblemResponse(body, status_code=int(problem.get("status", 409)))
