"""HTTP: what was sold, what could not be, and what is on its way to customers."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from contracts.wire import Amount, Code, Moment, Quantity, Total
from sales.insight.queries import sums as queries
from sales.reference.routes import Reader
from sales.settings import settings_of
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, LineNo, Page
from servicekit.http.routing import CurrentContext, Session, query_router

router = query_router("insight")

LINE = TypeAdapter(tuple[UUID, LineNo])


class SalesReport(BaseModel):
    """Orders by status, refusals by cause, what was shipped, and what of it came back.

    What a till sold while it was offline and nothing covers was paid all the same: its money is
    shown apart until somebody says what becomes of it, and is revenue if it is kept.
    """

    orders: dict[str, int]
    refused_by_cause: dict[str, int]
    lines_shipped: int
    units_shipped: Total
    """All items together, each in its own unit."""
    revenue_shipped: Total
    lines_returned: int
    units_returned: Total
    revenue_returned: Total
    """What customers got back for what they returned."""
    sales_kept: int
    revenue_kept: Total
    """What was paid for baskets that were written off, and was not refunded."""
    sales_uncovered: int
    revenue_uncovered: Total
    """What was paid for baskets that are exceptions still: no part of the revenue."""
    revenue: Total
    """What was shipped and did not come back, and what was kept."""


@router.get("/reports/sales")
async def read_sales(
    session: Session, context: CurrentContext, caller: Reader, site_id: Code | None = None
) -> SalesReport:
    """Sum up a site, or all sites the caller may see, in the currency of the books."""
    if site_id is not None:
        caller.must_cover(site_id)
    books = settings_of(context).currency
    found = await queries.sales(session, books, site_id, caller.covered())
    return SalesReport.model_validate(found, from_attributes=True)


class InTransitLine(BaseModel):
    """Goods that were shipped, are not signed for and have not come back."""

    site_id: str
    shipment_id: UUID
    number: str
    order_id: UUID
    customer_id: str
    line_no: int
    item_id: str
    batch_id: str
    unit: str
    quantity: Quantity
    amount: Amount
    """What the customer pays for them."""
    shipped_at: Moment
    age_hours: int


class InTransitSum(BaseModel):
    """All that is in transit from a site."""

    site_id: str
    shipments: int
    lines: int
    units: Total
    """All items together, each in its own unit."""
    amount: Total
    oldest_at: Moment
    oldest_age_hours: int


def _hours(since: datetime, at: datetime) -> int:
    return int((at - since).total_seconds() // 3600)


@router.get("/in-transit")
async def list_in_transit(
    session: Session, paging: CurrentPaging, caller: Reader, site_id: Code | None = None
) -> Page[InTransitLine]:
    """List goods in transit to customers, those longest on their way first."""
    asked = queries.Asked(site_id, caller.covered())
    rows = await queries.in_transit(session, asked, paging.after_as(LINE), paging.limit + 1)
    at = now()
    shown = [InTransitLine(**row, age_hours=_hours(row["shipped_at"], at)) for row in rows]
    return paging.page(shown, lambda one: [one.shipment_id, one.line_no])


@router.get("/reports/in-transit")
async def sum_up_in_transit(
    session: Session, paging: CurrentPaging, caller: Reader, site_id: Code | None = None
) -> Page[InTransitSum]:
    """Sum up what is in transit to customers, site by site."""
    position = paging.after(1)
    after = None if position is None else position[0]
    asked = queries.Asked(site_id, caller.covered())
    rows = await queries.in_transit_by_site(session, asked, after, paging.limit + 1)
    at = now()
    shown = [InTransitSum(**row, oldest_age_hours=_hours(row["oldest_at"], at)) for row in rows]
    return paging.page(shown, lambda one: [one.site_id])
