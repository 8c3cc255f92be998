"""HTTP: what was sold, and what could not be."""

from pydantic import BaseModel

from contracts.wire import Code, Total
from sales.insight import queries
from sales.reference.routes import Reader
from servicekit.http.routing import Session, query_router

router = query_router("insight")


class SalesReport(BaseModel):
    """Orders by status, refusals by cause, and what was shipped."""

    orders: dict[str, int]
    refused_by_cause: dict[str, int]
    lines_shipped: int
    units_shipped: Total
    """All items together, each in its own unit."""
    revenue_shipped: Total


@router.get("/reports/sales")
async def read_sales(session: Session, caller: Reader, site_id: Code | None = None) -> SalesReport:
    """Sum up a site, or all sites the caller may see."""
    if site_id is not None:
        caller.must_cover(site_id)
    found = await queries.sales(session, site_id, caller.covered())
    return SalesReport.model_validate(found, from_attributes=True)
