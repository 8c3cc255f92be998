"""HTTP: requests for goods from wherever they are, and what would come from where."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Amount, BatchCode, Code, Currency, Moment, Quantity
from sales.channels.domain import Channel
from sales.channels.routes import Ordering
from sales.orders.domain.lines import LineWanted
from sales.orders.domain.states import OrderStatus
from sales.orders.routes import MANAGERS, CreditIn, PaymentIn, Price, Seller
from sales.reference.routes import Reader
from sales.sourcing import queries
from sales.sourcing.domain.refusals import NoSource, RequestNotPayable
from sales.sourcing.domain.request import SourcingRequest
from sales.sourcing.domain.sources import Mode, Rule
from sales.sourcing.domain.states import RequestStatus
from sales.sourcing.queries import RequestFilter
from sales.sourcing.use_cases.end_request import (
    cancel_request,
    pay_request,
    take_request_on_credit,
)
from sales.sourcing.use_cases.place_request import PlaceRequest, place_request
from sales.sourcing.use_cases.propose_plan import ProposePlan, propose_plan
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

LINES_MAX = 100

steps = step_router("sourcing")
queries_router = query_router("sourcing")


class WishLineIn(BaseModel):
    """A line that is wanted; units named by serial number are ordered at their site."""

    model_config = ConfigDict(extra="forbid")

    item_id: Code
    quantity: Quantity
    unit: Code
    amount: Price | None = None
    """Its net price as a whole; by the price list of the asking site if left out."""
    batch_id: BatchCode = ""
    substitute_for: Code | None = None
    """The item that the customer wanted, and takes this one for."""


class WishIn(BaseModel):
    """What is wanted at a site, and from where it may come."""

    model_config = ConfigDict(extra="forbid")

    site_id: Code
    """The site that asks: where the customer is."""
    warehouse_id: Code
    """The one that ships by default, and is the nearest of all."""
    mode: Mode = Mode.NEAREST
    lines: Annotated[list[WishLineIn], Field(min_length=1, max_length=LINES_MAX)]

    def wanted(self) -> list[LineWanted]:
        """Return the lines as the domain takes them."""
        return [
            LineWanted(
                line_no=line_no,
                item_id=line.item_id,
                unit=line.unit,
                quantity=line.quantity,
                amount=line.amount,
                batch_id=line.batch_id,
                substitute_for=line.substitute_for,
            )
            for line_no, line in enumerate(self.lines, start=1)
        ]


class RequestIn(WishIn):
    """A request: each warehouse that ships gets an order, and all of them are held or none."""

    customer_id: Code
    currency: Currency
    channel: Ordering = Channel.SHOP


class HasOut(BaseModel):
    """How much of a line a warehouse has, if it ships nothing of the others."""

    line_no: int
    quantity: Quantity


class ConsideredOut(BaseModel):
    """A warehouse that was considered, in the order in which they count."""

    site_id: str
    warehouse_id: str
    own: bool
    preference: int | None
    """Its site's place in the stated order; 0 is the asking site itself."""
    distance_m: int | None
    has: list[HasOut]


class ShippingOut(BaseModel):
    """What a warehouse would ship."""

    site_id: str
    warehouse_id: str
    distance_m: int | None
    lines: list[HasOut]


class ProposalOut(BaseModel):
    """What would come from where just now; nothing is held. Without a rule nothing can."""

    mode: Mode
    rule: Rule | None
    shipments: list[ShippingOut]
    considered: list[ConsideredOut]


class SourcedLineOut(BaseModel):
    """A line of a request; `amount` is its net price as a whole."""

    line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    amount: Amount
    batch_id: str
    substitute_for: str | None


class SourcedOrderOut(BaseModel):
    """An order that is, or was tried as, a part of a request."""

    order_id: UUID
    attempt: int
    number: str
    status: OrderStatus
    source_site_id: str
    source_warehouse_id: str
    distance_m: int | None
    line_nos: list[int]
    """Of each of its lines, which line of the request it is a part of."""
    total: Amount
    expires_at: Moment | None
    cause: str | None


class RequestHead(BaseModel):
    """A request without its lines and orders."""

    request_id: UUID
    number: str
    status: RequestStatus
    customer_id: str
    site_id: str
    warehouse_id: str
    currency: Currency
    channel: Channel
    mode: Mode
    rule: Rule | None
    """What decided for the plan that is, or was last, tried."""
    attempt: int
    total: Amount
    on_credit: bool
    """Whether its orders are paid later, by the account of its customer."""
    placed_at: Moment
    placed_by: str
    cause: str | None


class RequestOut(RequestHead):
    """A request; its orders of the last attempt are those that count."""

    problem: dict[str, Any] | None
    lines: list[SourcedLineOut]
    orders: list[SourcedOrderOut]
    considered: list[ConsideredOut]


WAITS: dict[int | str, dict[str, Any]] = {
    202: {"model": RequestOut, "description": "Inventory has not answered yet; look again later"}
}


@steps.post("/sourcing/proposals", response_model=ProposalOut)
async def propose(body: WishIn, context: CurrentContext, caller: Seller) -> Response:
    """Say what would come from where, by which rule, and what was considered."""
    caller.must_cover(body.site_id)
    wanted = ProposePlan(
        site_id=body.site_id, warehouse_id=body.warehouse_id, mode=body.mode, lines=body.wanted()
    )
    found = await propose_plan(context, wanted)
    if isinstance(found, dict):
        return ProblemResponse(found, status_code=int(found.get("status", 409)))
    shown = ProposalOut.model_validate(found, from_attributes=True)
    return Response(shown.model_dump_json(), media_type="application/json")


@steps.post("/sourcing/requests", status_code=201, response_model=RequestOut, responses=WAITS)
async def place(
    body: RequestIn, claim: CurrentClaim, context: CurrentContext, caller: Seller
) -> Response:
    """Ask for goods from the nearest site, or from several: all is held, or nothing."""
    caller.must_cover(body.site_id)
    wanted = PlaceRequest(
        request_id=claim.id,
        customer_id=body.customer_id,
        site_id=body.site_id,
        warehouse_id=body.warehouse_id,
        currency=body.currency,
        mode=body.mode,
        lines=body.wanted(),
        placed_by=caller.subject,
        channel=body.channel,
    )
    return await _answer(context, await place_request(context, wanted), 201)


@steps.post("/sourcing/requests/{request_id}/pay", response_model=RequestOut, responses=WAITS)
async def pay(
    request_id: UUID, body: PaymentIn, claim: CurrentClaim, context: CurrentContext, caller: Seller
) -> Response:
    """Pay all orders of a request; if one is not in time, all the others are cancelled."""
    request = await pay_request(context, request_id, claim.id, body.amount, caller)
    return await _kept(context, request)


@steps.post("/sourcing/requests/{request_id}/credit", response_model=RequestOut, responses=WAITS)
async def take_on_account(
    request_id: UUID,
    claim: CurrentClaim,
    context: CurrentContext,
    caller: Seller,
    body: CreditIn | None = None,
) -> Response:
    """Take all orders of a request on credit, or none; if one is lost, the others are cancelled."""
    because = None if body is None else body.over_limit_because
    if because is not None:
        caller.must_have_role(MANAGERS)
    request = await take_request_on_credit(context, request_id, claim.id, caller, because)
    return await _kept(context, request)


@steps.post("/sourcing/requests/{request_id}/cancel", response_model=RequestOut, responses=WAITS)
async def cancel(request_id: UUID, context: CurrentContext, caller: Seller) -> Response:
    """Cancel all orders of a request; 202 while not all goods are free yet."""
    return await _answer(context, await cancel_request(context, request_id, caller), 200)


def request_filter(
    caller: Reader,
    site_id: Code | None = None,
    customer_id: Code | None = None,
    status: RequestStatus | None = None,
    order_id: UUID | None = None,
) -> RequestFilter:
    """Return which requests the caller asks for and may see."""
    return RequestFilter(
        sites=caller.covered(),
        site_id=site_id,
        customer_id=customer_id,
        status=status,
        order_id=order_id,
    )


@queries_router.get("/sourcing/requests")
async def list_requests(
    session: Session,
    paging: CurrentPaging,
    wanted: Annotated[RequestFilter, Depends(request_filter)],
) -> Page[RequestHead]:
    """List requests, the newest first."""
    rows = await queries.requests_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([RequestHead(**row) for row in rows], lambda one: [one.request_id])


@queries_router.get("/sourcing/requests/{request_id}")
async def read_request(request_id: UUID, session: Session, caller: Reader) -> RequestOut:
    """Return a request with its lines, its orders and what was considered."""
    head = await queries.request(session, request_id)
    caller.must_cover(head["site_id"])
    lines = await queries.lines_of(session, head["site_id"], request_id)
    orders = await queries.orders_of(session, head["site_id"], request_id)
    return RequestOut.model_validate({**head, "lines": lines, "orders": orders})


async def _kept(context: Context, request: SourcingRequest) -> Response:
    """Return a request whose goods were to be kept for good, or raise if they are not."""
    if request.status is RequestStatus.CANCELLED:
        raise RequestNotPayable(number=request.number, status="cancelled", cause=request.cause)
    return await _answer(context, request, 200)


async def _answer(context: Context, request: SourcingRequest, done: int) -> Response:
    """Return the request as it is shown, or why it is refused."""
    if request.status is RequestStatus.REFUSED:
        return _refusal(request)
    async with context.database.transaction() as session:
        head = await queries.request(session, request.request_id)
        lines = await queries.lines_of(session, request.site_id, request.request_id)
        orders = await queries.orders_of(session, request.site_id, request.request_id)
    shown = RequestOut.model_validate({**head, "lines": lines, "orders": orders})
    status = 202 if request.is_open else done
    return Response(shown.model_dump_json(), status, media_type="application/json")


def _refusal(request: SourcingRequest) -> Response:
    """Pass on why there is no source: what was considered, or what inventory says."""
    about = {"request_id": str(request.request_id), "number": request.number}
    if request.cause == NoSource.code:
        raise NoSource(
            **about,
            mode=request.mode.value,
            attempts=request.attempt,
            tried=request.tried,
            considered=request.considered,
        )
    problem = {**(request.problem or {}), **about}
    return ProblemResponse(problem, status_code=int(problem.get("status", 409)))
