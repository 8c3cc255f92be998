"""HTTP: what customers owe, order by order and summed up, and how old it is."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, TypeAdapter

from contracts.wire import Amount, Code, Currency, Moment, Total
from sales.credit import queries
from sales.credit.queries import OwedFilter
from sales.customers.domain import CustomerKind
from sales.reference.routes import Reader
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, query_router
from sheets.lists import WantedFile

POSITION = TypeAdapter(tuple[Moment, UUID])

queries_router = query_router("credit")


class OwedOut(BaseModel):
    """What is owed for an order, and by when it was to be paid."""

    model_config = ConfigDict(from_attributes=True)

    customer_id: str
    customer_name: str
    customer_kind: CustomerKind
    site_id: str
    order_id: UUID
    number: str
    currency: Currency
    taken_at: Moment
    due_on: date
    amount: Amount
    added: Amount
    """What changes put on."""
    reduced: Amount
    """What cancelling, changes and returns took off."""
    paid: Amount
    open: Amount
    days_overdue: int
    allowed_by: str | None
    """Who let it go over the customer's limit."""
    reason: str | None


class CustomerOwedOut(BaseModel):
    """What a customer owes, by how many days it is overdue."""

    customer_id: str
    customer_name: str
    customer_kind: CustomerKind
    currency: Currency
    orders: int
    open: Total
    not_due: Total
    overdue_30: Total
    """1 to 30 days."""
    overdue_60: Total
    """31 to 60 days."""
    overdue_90: Total
    """61 to 90 days."""
    overdue_more: Total
    oldest_due_on: date


class OwedQuery(BaseModel):
    """Narrows what is owed."""

    site_id: Code | None = None
    customer_id: Code | None = None
    overdue: bool | None = None


def _asked(caller: Reader, wanted: Annotated[OwedQuery, Depends()]) -> OwedFilter:
    if wanted.site_id is not None:
        caller.must_cover(wanted.site_id)
    return OwedFilter(sites=caller.covered(), **dict(wanted))


Asked = Annotated[OwedFilter, Depends(_asked)]


@queries_router.get("/reports/receivables")
async def list_owed(session: Session, paging: CurrentPaging, wanted: Asked) -> Page[OwedOut]:
    """List what is owed order by order, with its age against the terms, the oldest first."""
    after = paging.after_as(POSITION)
    rows = await queries.owed_by_order(session, wanted, now(), after, paging.limit + 1)
    return paging.page(
        [OwedOut(**row) for row in rows], lambda one: [one.taken_at.isoformat(), one.order_id]
    )


@queries_router.get("/reports/receivables/by-customer")
async def sum_up_owed(
    session: Session, paging: CurrentPaging, wanted: Asked
) -> Page[CustomerOwedOut]:
    """Sum up what is owed customer by customer, by how long it is overdue."""
    position = paging.after(1)
    after = None if position is None else position[0]
    rows = await queries.owed_by_customer(session, wanted, now(), after, paging.limit + 1)
    return paging.page([CustomerOwedOut(**row) for row in rows], lambda one: [one.customer_id])


@queries_router.get("/reports/receivables/export", response_class=Response)
async def export_owed(session: Session, file: WantedFile, wanted: Asked) -> Response:
    """Return what is owed order by order as a file."""
    after, limit = file.paging.after_as(POSITION), file.paging.limit + 1
    rows = await queries.owed_by_order(session, wanted, now(), after, limit)
    return await file.of(
        "receivables", OwedOut, rows, lambda one: [one.taken_at.isoformat(), one.order_id]
    )
