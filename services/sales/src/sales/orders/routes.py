"""HTTP: sales orders."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, WithJsonSchema

from contracts.wire import Amount, BatchCode, Code, Currency, Moment, Name, Quantity, UnitCost
from sales.channels.domain import Channel
from sales.channels.routes import Ordering
from sales.orders import queries, store
from sales.orders.domain.lines import BatchChoice, LineWanted
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.refusals import InsufficientStock, OrderNotPayable
from sales.orders.domain.states import OrderStatus, Shortage
from sales.orders.queries import OrderFilter, QueueFilter
from sales.orders.use_cases.cancel_order import cancel_order
from sales.orders.use_cases.pay_order import pay_order
from sales.orders.use_cases.place_order import PlaceOrder, place_order
from sales.orders.use_cases.take_on_credit import take_on_credit
from sales.prices.domain import Source
from sales.reference.routes import Reader
from sales.substitutes.use_cases.propose_substitutes import Buyer, with_substitutes
from servicekit.auth import Caller
from servicekit.context import Context
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.problems import ProblemResponse
from servicekit.http.routing import (
    CurrentClaim,
    CurrentContext,
    Session,
    allow,
    query_router,
    step_router,
)

LINES_MAX = 500
SERIALS_MAX = 1000
Seller = Annotated[Caller, Depends(allow("clerk", "shop_manager", "service"))]
MANAGERS = ("shop_manager",)
Price = Annotated[
    Amount,
    Field(ge=0),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"}),
]

QUEUE_PLACE = TypeAdapter(tuple[Code, Code, Code, BatchCode, Moment, UUID])

steps = step_router("orders")
queries_router = query_router("orders")


class GoodsIn(BaseModel):
    """Goods to be sold, by batch and serial number where they are managed so."""

    model_config = ConfigDict(extra="forbid")

    item_id: Code
    quantity: Quantity
    unit: Code
    batch_id: BatchCode = ""
    serials: Annotated[list[Code], Field(max_length=SERIALS_MAX)] = []


class OrderLineIn(GoodsIn):
    """A line to be sold; `amount` is its net price as a whole, by the price list if left out."""

    amount: Price | None = None
    substitute_for: Code | None = None
    """The item that the customer wanted, and takes this one for."""
    batch_choice: BatchChoice = BatchChoice.NAMED
    """`fefo`: agreed to take the batches that inventory proposes, first expiry first out.

    A line that names its batch is for just that one.
    """
    gift: bool = False
    """Given away: it may be of what is not for sale, and never has an amount."""


class OrderIn(BaseModel):
    """An order to be placed."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Code
    site_id: Code
    warehouse_id: Code
    currency: Currency
    channel: Ordering = Channel.SHOP
    """By which way it came in: that says how long its goods are held unpaid."""
    shortage: Shortage = Shortage.REFUSE
    """Whether it is refused where goods are short, or what is short waits as a back order."""
    promised_on: date | None = None
    """For which day the goods are promised: of those who wait, the first promised come first."""
    lines: Annotated[list[OrderLineIn], Field(min_length=1, max_length=LINES_MAX)]


class PaymentIn(BaseModel):
    """A payment of an order as a whole, or of what it comes to more by a change."""

    model_config = ConfigDict(extra="forbid")

    amount: Price


class CreditIn(BaseModel):
    """An order is to be paid later, on the terms agreed with the customer."""

    model_config = ConfigDict(extra="forbid")

    over_limit_because: Name | None = None
    """Why a manager lets this one order go over the customer's limit."""


class OrderLineOut(BaseModel):
    """A line of an order."""

    line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    amount: Amount
    batch_id: str
    serials: list[str]
    substitute_for: str | None = None
    batch_choice: BatchChoice
    gift: bool


class LinePriceOut(BaseModel):
    """By which price, and which promotion, a line came to its amount."""

    line_no: int
    source: Source
    level: str
    unit_price: UnitCost
    valid_from: date
    promotion_id: UUID | None
    percent_off: Amount | None


class HeldLineOut(BaseModel):
    """A line that inventory holds, in the item's base unit; a kit is held by its components."""

    line_no: int
    order_line_no: int
    item_id: str
    quantity: Quantity
    batch_id: str
    serials: list[str]
    unit_version: int | None


class OrderHead(BaseModel):
    """An order without its lines."""

    order_id: UUID
    number: str
    status: OrderStatus
    customer_id: str
    site_id: str
    warehouse_id: str
    currency: Currency
    total: Amount
    channel: Channel
    placed_at: Moment
    placed_by: str
    reservation_id: UUID | None
    expires_at: Moment | None
    paid_at: Moment | None
    shipment_id: UUID | None
    cause: str | None
    shortage: Shortage
    promised_at: Moment | None
    from_order_id: UUID | None
    """The order of which this one is the rest."""
    back_order_id: UUID | None
    """The order that waits for the rest of this one."""
    on_credit: bool
    """Whether it is paid later: until then it is held and shipped as a paid one."""
    lines_from: int
    """The number of its first line; who changes the order says it, for changes number lines on."""
    closed_at: Moment | None
    """When all of it was signed for, or back, and paid."""


class OrderOut(OrderHead):
    """An order; `refusal` is inventory's own reason if it refused."""

    refusal: dict[str, Any] | None
    lines: list[OrderLineOut]
    prices: list[LinePriceOut]
    """Of the lines whose amounts were not given."""
    held: list[HeldLineOut]
    """What was held once it was reserved; of a counter sale, where that is not just its lines."""


class OrderPlaced(OrderHead):
    """An order that was placed, and what could be had instead of what of it waits."""

    substitutes: list[dict[str, Any]] | None = None
    """As a refusal proposes them; they are told, and never put in the place of what waits."""


WAITS: dict[int | str, dict[str, Any]] = {
    202: {"model": OrderHead, "description": "Inventory has not answered yet; look again later"}
}


@steps.post("/orders", status_code=201, response_model=OrderPlaced, responses=WAITS)
async def place(
    body: OrderIn, claim: CurrentClaim, context: CurrentContext, caller: Seller
) -> Response:
    """Place an order and hold its goods; 202 while it is not known whether they are there.

    What is short waits as a back order, if the customer wants that: all of the order, or the rest.
    """
    caller.must_cover(body.site_id)
    wanted = PlaceOrder(
        order_id=claim.id,
        customer_id=body.customer_id,
        site_id=body.site_id,
        warehouse_id=body.warehouse_id,
        currency=body.currency,
        lines=lines_wanted(body.lines),
        placed_by=caller.subject,
        channel=body.channel,
        shortage=body.shortage,
        promised_on=body.promised_on,
    )
    order = await place_order(context, wanted)
    return await answer_with(context, order, 201, placed=True)


def lines_wanted(lines: Sequence[OrderLineIn]) -> list[LineWanted]:
    """Return lines as they are asked for, numbered from 1."""
    return [
        LineWanted(
            line_no=line_no,
            item_id=line.item_id,
            unit=line.unit,
            quantity=line.quantity,
            amount=line.amount,
            batch_id=line.batch_id,
            serials=tuple(line.serials),
            substitute_for=line.substitute_for,
            batch_choice=line.batch_choice,
            gift=line.gift,
        )
        for line_no, line in enumerate(lines, start=1)
    ]


@steps.post("/orders/{order_id}/pay", response_model=OrderHead, responses=WAITS)
async def pay(
    order_id: UUID, body: PaymentIn, claim: CurrentClaim, context: CurrentContext, caller: Seller
) -> Response:
    """Pay an order as a whole; 202 while it is not known whether the payment was in time."""
    order = await pay_order(context, order_id, claim.id, body.amount, caller)
    return await _kept(context, order)


@steps.post("/orders/{order_id}/credit", response_model=OrderHead, responses=WAITS)
async def take_on_account(
    order_id: UUID,
    claim: CurrentClaim,
    context: CurrentContext,
    caller: Seller,
    body: CreditIn | None = None,
) -> Response:
    """Take an order on credit; 202 while it is not known whether that was in time."""
    because = None if body is None else body.over_limit_because
    if because is not None:
        caller.must_have_role(MANAGERS)
    order = await take_on_credit(context, order_id, claim.id, caller, because)
    return await _kept(context, order)


async def _kept(context: Context, order: SalesOrder) -> Response:
    """Return an order whose goods were to be kept for good, or raise if they are not."""
    if order.status is OrderStatus.CANCELLED:
        where = {"order_id": order.order_id, "status": "cancelled", "cause": order.cause}
        raise OrderNotPayable(number=order.number, **where)
    return await answer_with(context, order, 200)


@steps.post("/orders/{order_id}/cancel", response_model=OrderHead, responses=WAITS)
async def cancel(order_id: UUID, context: CurrentContext, caller: Seller) -> Response:
    """Cancel an order that has not left; 202 while its goods are not free yet."""
    return await answer_with(context, await cancel_order(context, order_id, caller), 200)


class OrderQuery(BaseModel):
    """Narrows which orders are listed."""

    site_id: Code | None = None
    customer_id: Code | None = None
    status: OrderStatus | None = None
    number: Name | None = None
    channel: Channel | None = None
    on_credit: bool | None = None
    closed: bool | None = None


def order_filter(caller: Reader, wanted: Annotated[OrderQuery, Depends()]) -> OrderFilter:
    """Return which orders the caller asks for and may see."""
    return OrderFilter(sites=caller.covered(), **dict(wanted))


@queries_router.get("/orders")
async def list_orders(
    session: Session,
    paging: CurrentPaging,
    wanted: Annotated[OrderFilter, Depends(order_filter)],
) -> Page[OrderHead]:
    """List orders, the newest first."""
    rows = await queries.orders_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([OrderHead(**row) for row in rows], lambda one: [one.order_id])


class BackOrderOut(BaseModel):
    """An order that waits for goods, and its place in the queue for them."""

    site_id: str
    warehouse_id: str
    item_id: str
    batch_id: str
    position: int
    """Counted from 1; nobody gets these goods before those ahead, as long as they wait."""
    promised_at: Moment
    order_id: UUID
    number: str
    customer_id: str
    batch_to_be_named: bool
    """Its goods are there, and wait until somebody names the batch; its `refusal` proposes one."""


def queue_filter(
    caller: Reader,
    site_id: Code | None = None,
    warehouse_id: Code | None = None,
    item_id: Code | None = None,
) -> QueueFilter:
    """Return whose queues the caller asks for and may see."""
    return QueueFilter(
        sites=caller.covered(), site_id=site_id, warehouse_id=warehouse_id, item_id=item_id
    )


@queries_router.get("/back-orders")
async def list_back_orders(
    session: Session,
    paging: CurrentPaging,
    wanted: Annotated[QueueFilter, Depends(queue_filter)],
) -> Page[BackOrderOut]:
    """List who waits for which goods: by goods, each queue in the order of promise."""
    after = paging.after_as(QUEUE_PLACE)
    rows = await queries.back_orders_after(session, wanted, after, paging.limit + 1)
    return paging.page(
        [BackOrderOut(**row) for row in rows],
        lambda one: [
            one.site_id,
            one.warehouse_id,
            one.item_id,
            one.batch_id,
            one.promised_at.isoformat(),
            one.order_id,
        ],
    )


@queries_router.get("/orders/{order_id}")
async def read_order(order_id: UUID, session: Session, caller: Reader) -> OrderOut:
    """Return an order with its lines and, if inventory refused it, why."""
    head = await queries.order(session, order_id)
    caller.must_cover(head["site_id"])
    lines = await queries.order_lines(session, head["site_id"], order_id)
    prices = await queries.prices_of(session, head["site_id"], order_id)
    held = await queries.lines_held(session, head["site_id"], order_id)
    return OrderOut(
        **head,
        lines=[OrderLineOut(**line) for line in lines],
        prices=[LinePriceOut(**line) for line in prices],
        held=[HeldLineOut(**line) for line in held],
    )


async def answer_with(
    context: Context, order: SalesOrder, done: int, *, placed: bool = False
) -> Response:
    """Return the order, or raise what ended it against the caller's will."""
    match order.status:
        case OrderStatus.REFUSED:
            async with context.database.transaction() as session:
                problem = await store.refusal_of(session, order)
            return _refusal(order, await _with_substitutes(context, order, problem))
        case OrderStatus.EXPIRED:
            raise order.expiry
    shown = OrderHead.model_validate(order, from_attributes=True)
    shown.total = order.due
    waits = order.order_id if order.status is OrderStatus.BACKORDERED else order.back_order_id
    if placed and waits is not None:
        instead = await _instead_of_what_waits(context, order, waits)
        shown = OrderPlaced(**dict(shown), substitutes=instead)
    status = done if order.next_step is None else 202
    return Response(shown.model_dump_json(), status, media_type="application/json")


async def _instead_of_what_waits(
    context: Context, order: SalesOrder, waits: UUID
) -> list[dict[str, Any]] | None:
    async with context.database.transaction() as session:
        problem = (await queries.order(session, waits))["refusal"]
    told = await with_substitutes(context, Buyer.of(order), problem or {})
    instead: list[dict[str, Any]] | None = told["substitutes"]
    return instead


async def _with_substitutes(
    context: Context, order: SalesOrder, problem: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Add what could be had instead of what is short: told, and never put in its place."""
    if order.cause != InsufficientStock.code:
        return problem
    return await with_substitutes(context, Buyer.of(order), problem)


def _refusal(order: SalesOrder, problem: Mapping[str, Any]) -> Response:
    """Pass inventory's refusal on with all its facts, and the order it is about."""
    about = {"order_id": order.order_id, "number": order.number}
    if order.cause == InsufficientStock.code:
        raise InsufficientStock(**{**problem, **about})
    body = {**problem, **about, "order_id": str(order.order_id)}
    return ProblemResponse(body, status_code=int(problem.get("status", 409)))
