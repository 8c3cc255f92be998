"""HTTP: prices of posted receipts are corrected: proposed by one, approved by another."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Amount, Code, Currency, Moment, Name, Quantity, UnitCost
from purchasing.repricing import queries
from purchasing.repricing.domain import Repricing, RepricingCause, RepricingStatus
from purchasing.repricing.queries import RepricingFilter
from purchasing.repricing.use_cases.decide_repricing import approve_repricing, drop_repricing
from purchasing.repricing.use_cases.propose_repricing import ProposeRepricing, propose_repricing
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router

LINES_MAX = 500
Finance = Annotated[Caller, Depends(allow("finance"))]
Reader = Annotated[Caller, Depends(allow("finance", "buyer", "operator", "service"))]
Price = Annotated[UnitCost, Field(gt=Decimal(0))]

commands = command_router("repricing")
queries_router = query_router("repricing")


class PriceIn(BaseModel):
    """What a base unit of a line costs, before tax and in the receipt's currency."""

    model_config = ConfigDict(extra="forbid")

    line_no: Annotated[int, Field(ge=1, le=LINES_MAX)]
    unit_cost: Price


class RepricingIn(BaseModel):
    """Other prices, why, and the number of the document that says so."""

    model_config = ConfigDict(extra="forbid")

    cause: RepricingCause
    document: Name
    lines: Annotated[list[PriceIn], Field(min_length=1, max_length=LINES_MAX)]


class DropIn(BaseModel):
    """Why a correction is dropped."""

    model_config = ConfigDict(extra="forbid")

    reason: Name


class RepricingLineOut(BaseModel):
    """The price of a line before and after, and by how much more is owed for it."""

    model_config = ConfigDict(from_attributes=True)

    line_no: int
    item_id: str
    quantity: Quantity
    unit_cost_before: UnitCost
    unit_cost: UnitCost
    net_change: Amount
    tax_change: Amount
    books_net_change: Amount
    books_tax_change: Amount


class RepricingOut(BaseModel):
    """A correction of a receipt's prices."""

    model_config = ConfigDict(from_attributes=True)

    repricing_id: UUID
    number: str
    receipt_id: UUID
    receipt_number: str
    supplier_id: str
    site_id: str
    currency: Currency
    books_currency: Currency
    cause: RepricingCause
    document: str
    status: RepricingStatus
    proposed_at: Moment
    proposed_by: str
    decided_at: Moment | None
    decided_by: str | None
    reason: str | None
    """Why it was dropped."""
    lines: list[RepricingLineOut]


@commands.post("/receipts/{receipt_id}/repricings", status_code=201)
async def propose(
    receipt_id: UUID, body: RepricingIn, session: Session, caller: Finance
) -> RepricingOut:
    """Propose other prices for lines that are accrued and not invoiced; nothing changes yet."""
    order = ProposeRepricing(
        receipt_id=receipt_id,
        cause=body.cause,
        document=body.document,
        prices=[(line.line_no, line.unit_cost) for line in body.lines],
        caller=caller,
    )
    return _shown(await propose_repricing(session, order))


@commands.post("/receipts/{receipt_id}/repricings/{repricing_id}/approve")
async def approve(
    receipt_id: UUID, repricing_id: UUID, session: Session, caller: Finance
) -> RepricingOut:
    """Approve prices that somebody else has proposed: what is owed and all books follow."""
    return _shown(await approve_repricing(session, receipt_id, repricing_id, caller))


@commands.post("/receipts/{receipt_id}/repricings/{repricing_id}/drop")
async def drop(
    receipt_id: UUID, repricing_id: UUID, body: DropIn, session: Session, caller: Finance
) -> RepricingOut:
    """Drop prices that were proposed and not approved."""
    return _shown(await drop_repricing(session, receipt_id, repricing_id, body.reason, caller))


@queries_router.get("/repricings")
async def list_repricings(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    site_id: Code | None = None,
    receipt_id: UUID | None = None,
    status: RepricingStatus | None = None,
) -> Page[RepricingOut]:
    """List corrections of prices, the newest first."""
    wanted = RepricingFilter(
        sites=caller.covered(), site_id=site_id, receipt_id=receipt_id, status=status
    )
    found = await queries.repricings_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([_shown(one) for one in found], lambda one: [one.repricing_id])


@queries_router.get("/repricings/{repricing_id}")
async def read_repricing(repricing_id: UUID, session: Session, caller: Reader) -> RepricingOut:
    """Return a correction of prices."""
    found = await queries.repricing(session, repricing_id)
    caller.must_cover(found.site_id)
    return _shown(found)


def _shown(one: Repricing) -> RepricingOut:
    return RepricingOut.model_validate(one)
