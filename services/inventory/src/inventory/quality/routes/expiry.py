"""Goods near their expiry over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict

from contracts.wire import Code, Total
from inventory.quality.queries.expiry import Nearing, expiring
from inventory.settings import READING
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, query_router

queries = query_router("quality")

Reader = Annotated[Caller, Depends(allow(*READING))]
DAYS_MAX = 3650


class ExpiringView(BaseModel):
    """Goods at a place, with the days they have left after today, which is the site's.

    Below zero they are past their expiry; below zero `days_sellable` they may not be sold.
    """

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    item_id: str
    warehouse_id: str
    batch_id: str
    expires_on: date
    days_left: int
    days_sellable: int
    on_hand: Total
    available: Total
    frozen: Total


@queries.get("/batches/expiring")
async def get_expiring(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    site_id: Code | None = None,
    within_days: Annotated[int, Query(ge=-DAYS_MAX, le=DAYS_MAX)] = 30,
) -> Page[ExpiringView]:
    """List goods on hand that expire within some days, or have."""
    if site_id is not None:
        caller.must_cover(site_id)
    sites = caller.covered() if site_id is None else {site_id}
    wanted = Nearing(sites, within_days, now())
    rows = await expiring(session, wanted, paging.after(4), paging.limit + 1)
    views = [ExpiringView.model_validate(row) for row in rows]
    return paging.page(
        views, lambda one: [one.site_id, one.item_id, one.warehouse_id, one.batch_id]
    )
