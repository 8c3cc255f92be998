"""HTTP: returns and the steps they take."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Amount, BatchCode, Code, Currency, Moment, Name, Quantity, Total
from sales.orders.routes import LINES_MAX, SERIALS_MAX, Seller
from sales.reference.routes import Device, Expected, Reader
from sales.returns import queries
from sales.returns.domain.customer_return import CustomerReturn
from sales.returns.domain.shipped import LineWanted
from sales.returns.domain.states import ReturnCause, ReturnStatus
from sales.returns.queries import ReturnFilter
from sales.returns.use_cases.audit_return import audit_return
from sales.returns.use_cases.cancel_return import cancel_return
from sales.returns.use_cases.draft_return import DraftReturn, draft_return
from sales.returns.use_cases.exchange_return import exchange_return
from sales.returns.use_cases.post_return import post_return
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, command_router, query_router

commands = command_router("returns")
queries_router = query_router("returns")


class ReturnLineIn(BaseModel):
    """What came back of a line of the shipment, in the item's base unit."""

    model_config = ConfigDict(extra="forbid")

    shipment_line_no: Annotated[int, Field(ge=1, le=2**31 - 1)]
    quantity: Quantity
    batch_id: BatchCode = ""
    """Needed where the shipment named one: the same."""
    serials: Annotated[list[Code], Field(max_length=SERIALS_MAX)] = []
    """Needed where the shipment named them: one for each unit that came back."""


class ReturnIn(BaseModel):
    """What came back of a shipment."""

    model_config = ConfigDict(extra="forbid")

    shipment_id: UUID
    cause: ReturnCause = ReturnCause.CUSTOMER
    warehouse_id: Code | None = None
    """Where the goods lie now; by default where they had left from."""
    reason: Name | None = None
    lines: Annotated[list[ReturnLineIn], Field(max_length=LINES_MAX)] = []
    """May be left out for undelivered goods: then all that can still come back does.
    So it is for lost goods: then all that is still under way is. A reversal takes back the
    whole shipment, and is given none."""


class ExchangeIn(BaseModel):
    """The order that gives other goods for those that came back."""

    model_config = ConfigDict(extra="forbid")

    order_id: UUID


class ReturnLineOut(BaseModel):
    """A line of a return; `amount` is what the customer gets for it, once it is posted."""

    line_no: int
    shipment_line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    batch_id: str
    serials: list[str]
    returned_before: Total | None
    amount: Amount | None


class ReturnHead(BaseModel):
    """A return without its lines; `posting` ends when inventory has booked it."""

    return_id: UUID
    number: str
    status: ReturnStatus
    version: int
    cause: ReturnCause
    shipment_id: UUID
    shipment_number: str
    order_id: UUID
    customer_id: str
    site_id: str
    warehouse_id: str
    currency: Currency
    reason: str | None
    returned_at: Moment
    returned_by: str
    device_id: str | None
    audited_at: Moment | None
    audited_by: str | None
    posted_at: Moment | None
    posted_by: str | None
    booked_at: Moment | None
    cancelled_at: Moment | None
    cancelled_by: str | None
    refund: Amount | None
    exchange_order_id: UUID | None
    reversed_at: Moment | None
    reversed_by: UUID | None
    """The document that took it back."""
    reversed_by_number: str | None


class ReturnOut(ReturnHead):
    """A return."""

    lines: list[ReturnLineOut]


@commands.post("/returns", status_code=201)
async def draft(
    body: ReturnIn, response: Response, session: Session, caller: Seller, device: Device = None
) -> ReturnOut:
    """Draft a return of what came back of a shipment; nothing moves yet."""
    wanted = DraftReturn(
        shipment_id=body.shipment_id,
        cause=body.cause,
        warehouse_id=body.warehouse_id,
        reason=body.reason,
        lines=[
            LineWanted(
                shipment_line_no=line.shipment_line_no,
                quantity=line.quantity,
                batch_id=line.batch_id,
                serials=tuple(line.serials),
            )
            for line in body.lines
        ],
        caller=caller,
        device_id=device,
    )
    return shown(await draft_return(session, wanted), response)


@commands.post("/returns/{return_id}/audit")
async def audit(
    return_id: UUID, response: Response, session: Session, caller: Seller, expected: Expected
) -> ReturnOut:
    """Audit a draft, so that it may be posted."""
    return shown(await audit_return(session, return_id, caller, expected), response)


@commands.post("/returns/{return_id}/post")
async def post(
    return_id: UUID, response: Response, session: Session, caller: Seller, expected: Expected
) -> ReturnOut:
    """Post an audited return: its goods wait to be inspected, and the customer is paid back.

    The goods of a reversal are available at once.
    """
    return shown(await post_return(session, return_id, caller, expected), response)


@commands.post("/returns/{return_id}/cancel")
async def cancel(
    return_id: UUID, response: Response, session: Session, caller: Seller, expected: Expected
) -> ReturnOut:
    """Cancel a return that was not posted."""
    return shown(await cancel_return(session, return_id, caller, expected), response)


@commands.post("/returns/{return_id}/exchange")
async def exchange(
    return_id: UUID,
    body: ExchangeIn,
    response: Response,
    session: Session,
    caller: Seller,
    expected: Expected,
) -> ReturnOut:
    """Name the order, placed for the same customer, that gives other goods for these."""
    found = await exchange_return(session, return_id, body.order_id, caller, expected)
    return shown(found, response)


@dataclass(frozen=True)
class AskedAbout:
    """Whose returns are asked for."""

    customer_id: Code | None = None
    order_id: UUID | None = None
    shipment_id: UUID | None = None
    exchange_order_id: UUID | None = None


def return_filter(
    caller: Reader,
    about: Annotated[AskedAbout, Depends()],
    site_id: Code | None = None,
    status: ReturnStatus | None = None,
    cause: ReturnCause | None = None,
    number: Name | None = None,
) -> ReturnFilter:
    """Return which returns the caller asks for and may see."""
    return ReturnFilter(
        sites=caller.covered(),
        site_id=site_id,
        status=status,
        cause=cause,
        number=number,
        **vars(about),
    )


@queries_router.get("/returns")
async def list_returns(
    session: Session,
    paging: CurrentPaging,
    wanted: Annotated[ReturnFilter, Depends(return_filter)],
) -> Page[ReturnHead]:
    """List returns, the newest first."""
    rows = await queries.returns_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([ReturnHead(**row) for row in rows], lambda one: [one.return_id])


@queries_router.get("/returns/{return_id}")
async def read_return(
    return_id: UUID, response: Response, session: Session, caller: Reader
) -> ReturnOut:
    """Return a return; its ETag is its version."""
    head = await queries.customer_return(session, return_id)
    caller.must_cover(head["site_id"])
    lines = await queries.lines_of(session, head["site_id"], return_id)
    response.headers["ETag"] = f'"{head["version"]}"'
    return ReturnOut(**head, lines=[ReturnLineOut(**line) for line in lines])


def shown(found: CustomerReturn, response: Response) -> ReturnOut:
    """Return a return as callers see it, and set its ETag."""
    response.headers["ETag"] = f'"{found.version}"'
    return ReturnOut.model_validate(found, from_attributes=True)
