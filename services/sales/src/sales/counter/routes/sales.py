"""HTTP: counter sales, and the exceptions among them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from contracts.wire import Amount, BatchCode, Code, Currency, Moment, Name, Quantity
from sales.counter import queries
from sales.counter.domain.refusals import SaleRefused
from sales.counter.domain.sale import CounterSale, Money, SaleStatus
from sales.counter.queries import SaleFilter
from sales.counter.use_cases.close_exceptions import WriteOff, ask_again, write_off
from sales.counter.use_cases.take_basket import TakeBasket, take_basket
from sales.orders.domain.lines import OrderLine
from sales.orders.domain.refusals import InsufficientStock
from sales.orders.routes import LINES_MAX, GoodsIn, Price, Seller
from sales.reference.routes import Reader
from sales.substitutes.use_cases.propose_substitutes import Buyer, with_substitutes
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.context import Context
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.problems import ProblemResponse
from servicekit.http.routing import (
    CurrentClaim,
    CurrentContext,
    Session,
    allow,
    command_router,
    query_router,
    step_router,
)

steps = step_router("counter sales")
commands = command_router("counter sales")
queries_router = query_router("counter sales")

Manager = Annotated[Caller, Depends(allow("shop_manager"))]
POSITION = TypeAdapter(tuple[Moment, UUID])


class BasketLineIn(GoodsIn):
    """A line of a basket; `amount` is what was paid for it, which only the till knows."""

    amount: Price


class BasketIn(BaseModel):
    """A basket; with `sold_at` it was sold while its till was offline, and has left already."""

    model_config = ConfigDict(extra="forbid")

    site_id: Code
    warehouse_id: Code
    device: Code
    """The till."""
    basket_no: Code | None = None
    """The till's own number of it; needed with `sold_at`."""
    sold_at: Moment | None = None
    customer_id: Code
    currency: Currency
    lines: Annotated[list[BasketLineIn], Field(min_length=1, max_length=LINES_MAX)]


class WriteOffIn(BaseModel):
    """Why nothing will cover a sale, and what becomes of its money.

    What is `kept` is revenue of the day of sale; what is `refunded` the customer gets back.
    """

    model_config = ConfigDict(extra="forbid")

    reason: Name
    money: Money


class SaleLine(BaseModel):
    """A line of a basket."""

    line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    amount: Amount
    batch_id: BatchCode
    serials: list[str]


class SaleHead(BaseModel):
    """A counter sale without its lines; `sale_id` is its order's id once it is sold."""

    model_config = ConfigDict(from_attributes=True)

    sale_id: UUID
    number: str
    status: SaleStatus
    site_id: str
    warehouse_id: str
    device: str
    basket_no: str | None
    customer_id: str
    currency: Currency
    total: Amount
    sold_at: Moment
    is_late: bool
    taken_at: Moment
    taken_by: str
    shipment_id: UUID | None
    cause: str | None
    closed_at: Moment | None
    closed_by: str | None
    reason: str | None
    money: Money | None


class SaleOut(SaleHead):
    """A counter sale; `problem` says in full why it is not covered."""

    problem: dict[str, Any] | None
    lines: list[SaleLine]


class SaleException(SaleOut):
    """An exception to close, and how long the goods have been gone."""

    age_seconds: int = 0


class SaleExceptions(Page[SaleException]):
    """A page of exceptions, and the moment of which it tells."""

    as_of: Moment


WAITS: dict[int | str, dict[str, Any]] = {
    202: {"model": SaleHead, "description": "Inventory has not answered yet; look again later"}
}


@steps.post("/counter-sales", status_code=201, response_model=SaleHead, responses=WAITS)
async def post_basket(
    body: BasketIn, claim: CurrentClaim, context: CurrentContext, caller: Seller
) -> Response:
    """Sell a basket: reserve, pay and ship in one; 202 while it is not known if it is covered.

    A basket with `sold_at` is never refused for want of stock: what is not covered is kept, and
    answered with status `uncovered`.
    """
    caller.must_cover(body.site_id)
    wanted = TakeBasket(
        sale_id=claim.id,
        site_id=body.site_id,
        warehouse_id=body.warehouse_id,
        device=body.device,
        basket_no=body.basket_no,
        customer_id=body.customer_id,
        currency=body.currency,
        lines=tuple(
            OrderLine(**vars(line) | {"line_no": line_no, "serials": tuple(line.serials)})
            for line_no, line in enumerate(body.lines, start=1)
        ),
        sold_at=body.sold_at,
        taken_by=caller.subject,
    )
    return await _answer(context, await take_basket(context, wanted), 201)


@steps.post("/counter-sales/{sale_id}/retry", response_model=SaleHead, responses=WAITS)
async def retry(
    sale_id: UUID, claim: CurrentClaim, context: CurrentContext, caller: Seller
) -> Response:
    """Ask inventory afresh for an uncovered sale, once its stock is corrected."""
    return await _answer(context, await ask_again(context, sale_id, claim.id, caller), 200)


@commands.post("/counter-sales/{sale_id}/write-off")
async def post_write_off(
    sale_id: UUID, body: WriteOffIn, context: CurrentContext, session: Session, caller: Manager
) -> SaleHead:
    """Close an uncovered sale for good: why stock stays as it is, and what becomes of the money."""
    wanted = WriteOff(money=body.money, reason=body.reason, caller=caller)
    return SaleHead.model_validate(await write_off(session, context, sale_id, wanted))


def sale_filter(
    caller: Reader,
    site_id: Code | None = None,
    device: Code | None = None,
) -> SaleFilter:
    """Return which sales the caller asks for and may see."""
    return SaleFilter(sites=caller.covered(), site_id=site_id, device=device)


Wanted = Annotated[SaleFilter, Depends(sale_filter)]


@queries_router.get("/counter-sales/exceptions")
async def list_exceptions(
    session: Session, paging: CurrentPaging, wanted: Wanted
) -> SaleExceptions:
    """List uncovered sales, whose goods have left, the one sold longest ago first."""
    as_of, after = now(), paging.after_as(POSITION)
    rows = await queries.exceptions_after(session, wanted, after, paging.limit + 1)
    views = [SaleException(**row) for row in rows]
    for one in views:
        one.age_seconds = max(0, int((as_of - one.sold_at).total_seconds()))
    page = paging.page(views, lambda one: [one.sold_at.isoformat(), one.sale_id])
    return SaleExceptions(items=page.items, next_cursor=page.next_cursor, as_of=as_of)


@queries_router.get("/counter-sales")
async def list_sales(
    session: Session, paging: CurrentPaging, wanted: Wanted, status: SaleStatus | None = None
) -> Page[SaleHead]:
    """List counter sales, the newest first."""
    wanted = SaleFilter(**{**vars(wanted), "status": status})
    rows = await queries.sales_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([SaleHead(**row) for row in rows], lambda one: [one.sale_id])


@queries_router.get("/counter-sales/{sale_id}")
async def read_sale(sale_id: UUID, session: Session, caller: Reader) -> SaleOut:
    """Return a counter sale with its lines and, if it is not covered, why."""
    found = await queries.sale(session, sale_id)
    caller.must_cover(found["site_id"])
    return SaleOut(**found)


async def _answer(context: Context, sale: CounterSale, done: int) -> Response:
    """Return the sale, or say why its goods stay in the shop."""
    if sale.status is SaleStatus.REFUSED:
        return await _refusal(context, sale)
    shown = SaleHead.model_validate(sale).model_dump_json()
    return Response(shown, 202 if sale.is_open else done, media_type="application/json")


async def _refusal(context: Context, sale: CounterSale) -> Response:
    """Pass inventory's refusal on with all its facts, and the sale it is about."""
    problem = dict(sale.problem or {})
    about = {"sale_id": str(sale.sale_id), "number": sale.number}
    if sale.cause == InsufficientStock.code:
        told = await with_substitutes(context, Buyer.of(sale), problem)
        raise InsufficientStock(**{**told, **about})
    if "status" not in problem:
        raise SaleRefused(**about, why=problem.get("detail", sale.cause))
    return ProblemResponse({**problem, **about}, status_code=int(problem["status"]))
