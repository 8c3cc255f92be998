"""Goods near their expiry over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict

from contracts.wire import Code, Moment, Total
from inventory.quality.queries.expiry import Nearing, expiring, expiring_at
from inventory.settings import READING
from inventory.stock.routes.balances import DatedPage, dated, moment_told
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging
from servicekit.http.routing import Session, allow, query_router

queries = query_router("quality")

Reader = Annotated[Caller, Depends(allow(*READING))]
DAYS_MAX = 3650


class ExpiringView(BaseModel):
    """Goods at a place, with the days they have left after today, which is the site's.

    Below zero they are past their expiry; below zero `days_sellable` they may not be sold. What was
    available is known of the present only.
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
    available: Total | None
    frozen: Total


@queries.get("/batches/expiring")
async def get_expiring(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    site_id: Code | None = None,
    within_days: Annotated[int, Query(ge=-DAYS_MAX, le=DAYS_MAX)] = 30,
    as_of: Moment | None = None,
) -> DatedPage[ExpiringView]:
    """List goods on hand that expire within some days, or have: now, or as of a past moment.

    The days are counted from the moment's day; the dates of expiry are those that are known today.
    """
    if site_id is not None:
        caller.must_cover(site_id)
    sites = caller.covered() if site_id is None else {site_id}
    wanted = Nearing(sites, within_days, moment_told(as_of))
    look = expiring if as_of is None else expiring_at
    rows = await look(session, wanted, paging.after(4), paging.limit + 1)
    views = [ExpiringView.model_validate(row) for row in rows]
    return dated(paging, views, _place, wanted.at)


def _place(one: ExpiringView) -> list[str]:
    return [one.site_id, one.item_id, one.warehouse_id, one.batch_id]
