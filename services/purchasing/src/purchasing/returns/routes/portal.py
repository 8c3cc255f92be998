"""HTTP: what a supplier sees of its returns: its own, once they are posted."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel

from contracts.wire import Moment, Name, Quantity
from purchasing.returns import queries
from purchasing.returns.domain import ReturnCause, ReturnStatus
from purchasing.returns.queries import ReturnFilter
from purchasing.settlement.routes.portal import Mine
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, query_router

router = query_router("portal")


class PortalReturn(BaseModel):
    """A return without its lines, as the supplier sees it."""

    return_id: UUID
    number: str
    status: ReturnStatus
    cause: ReturnCause
    note: str | None
    replace: bool
    """Whether other goods are expected for it."""
    receipt_id: UUID
    receipt_number: str
    order_id: UUID
    site_id: str
    posted_at: Moment | None
    booked_at: Moment | None


class PortalReturnLine(BaseModel):
    """What goes back of a line of the receipt, in base units."""

    line_no: int
    receipt_line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    batch_id: str
    serials: list[str]


class PortalReturnOut(PortalReturn):
    """A return as the supplier sees it."""

    lines: list[PortalReturnLine]


def own_returns(
    mine: Mine,
    receipt_id: UUID | None = None,
    order_id: UUID | None = None,
    number: Name | None = None,
) -> ReturnFilter:
    """Return which of its own returns the supplier asks for."""
    return ReturnFilter(
        supplier_id=mine, receipt_id=receipt_id, order_id=order_id, number=number, decided=True
    )


@router.get("/portal/returns")
async def list_returns(
    session: Session,
    paging: CurrentPaging,
    wanted: Annotated[ReturnFilter, Depends(own_returns)],
) -> Page[PortalReturn]:
    """List what goes back to the supplier, the newest first."""
    rows = await queries.returns_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([PortalReturn(**row) for row in rows], lambda one: [one.return_id])


@router.get("/portal/returns/{return_id}")
async def read_return(return_id: UUID, session: Session, mine: Mine) -> PortalReturnOut:
    """Return one of the supplier's returns."""
    head = await queries.purchase_return(session, return_id, mine)
    lines = await queries.lines_of(session, return_id)
    return PortalReturnOut(**head, lines=[PortalReturnLine(**line) for line in lines])
