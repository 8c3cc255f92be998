"""The age of stock over HTTP."""

from datetime import datetime
from itertools import groupby
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from contracts.wire import Code, Moment, Name, Total
from inventory.insight.domain.ageing import BOUNDS_DAYS, Layer, by_age, left_of
from inventory.insight.queries.ageing import Rows, layers
from inventory.settings import READING
from inventory.stock.routes.balances import DatedPage, dated, moment_told
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging
from servicekit.http.routing import Session, allow, query_router

queries = query_router("insight")

Reader = Annotated[Caller, Depends(allow(*READING))]


class AgeView(BaseModel):
    """Goods of one age, in whole days; the oldest have no end."""

    from_days: int
    below_days: int | None
    quantity: Total


class AgeingView(BaseModel):
    """How old an item's stock at a site is, by the rule that what came first left first."""

    item_id: str
    on_hand: Total
    oldest_at: Moment | None
    ages: list[AgeView]


@queries.get("/reports/ageing")
async def get_ageing(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    site_id: Code,
    category: Name | None = None,
    as_of: Moment | None = None,
) -> DatedPage[AgeingView]:
    """List how old the stock of a site is, by item: as it is, or as of a past moment.

    A document belongs to the past from the time it was posted, even if it was booked later.
    """
    caller.must_cover(site_id)
    told, position = moment_told(as_of), paging.after(1)
    after = "" if position is None else position[0]
    rows = await layers(session, site_id, category, after, paging.limit + 1, as_of)
    return dated(paging, _views(rows, told), lambda one: [one.item_id], told)


def _views(rows: Rows, at: datetime) -> list[AgeingView]:
    views = []
    for item_id, group in groupby(rows, lambda row: row.item_id):
        came = list(group)
        brought = [Layer(one.came_at, one.quantity) for one in came if one.came_at is not None]
        left = left_of(came[0].on_hand, brought)
        sums = zip((0, *BOUNDS_DAYS), (*BOUNDS_DAYS, None), by_age(left, at), strict=True)
        views.append(
            AgeingView(
                item_id=item_id,
                on_hand=came[0].on_hand,
                oldest_at=left[-1].came_at if left else None,
                ages=[
                    AgeView(from_days=first, below_days=end, quantity=quantity)
                    for first, end, quantity in sums
                ],
            )
        )
    return views
