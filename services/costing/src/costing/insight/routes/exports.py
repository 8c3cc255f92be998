"""HTTP: what stock is worth, and how it came to be worth that, as files (H6)."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from contracts.wire import Amount, Code, Moment, Total, UnitCost
from costing.insight.queries import exports as lists
from costing.insight.queries.exports import Span
from costing.settings import settings_of
from costing.valuation import queries as reads
from costing.valuation.routes import (
    AskedSites,
    CostView,
    EntryView,
    TransitView,
    cost_view,
    dispatch_after,
    transit_view,
)
from servicekit.http.pages import BIGGEST
from servicekit.http.routing import CurrentContext, Session, query_router
from sheets.lists import WantedFile

queries = query_router("insight")

POSITION = TypeAdapter(tuple[str, str, Annotated[int, Field(ge=0, le=BIGGEST)]])


class SoldRow(BaseModel):
    """What an entry adds to the cost of goods sold: what came back of a sale takes some off it.

    `cost` sums up to the cost of goods sold; `correction` is the part of it that was known only
    after the goods were gone.
    """

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    item_id: str
    sequence: int
    kind: str
    document_id: UUID
    document_number: str
    line_no: int
    order_id: UUID | None
    batch_id: str
    quantity: Total
    """What was sold; what came back is negative."""
    unit_cost: UnitCost
    cost: Amount
    correction: Amount
    reason: str | None
    reverses: int | None
    posted_at: Moment
    costed_at: Moment


def span(
    item_id: Code | None = None, since: Moment | None = None, until: Moment | None = None
) -> Span:
    """Return which entries are wanted: of one item, posted from one moment up to another."""
    return Span(item_id, since, until)


AskedSpan = Annotated[Span, Depends(span)]


@queries.get("/exports/costs", response_class=Response)
async def export_costs(
    session: Session, context: CurrentContext, sites: AskedSites, file: WantedFile
) -> Response:
    """Return what stock is worth as a file, by site and item."""
    rows = await reads.costs(session, sites, file.paging.after(2), file.paging.limit + 1)
    currency = settings_of(context).currency
    views = [cost_view(row, currency) for row in rows]
    return await file.of("costs", CostView, views, lambda one: [one.site_id, one.item_id])


@queries.get("/exports/value-entries", response_class=Response)
async def export_entries(
    session: Session, sites: AskedSites, asked: AskedSpan, file: WantedFile
) -> Response:
    """Return value entries as a file: item by item, in the order of the ledger."""
    after, limit = file.paging.after_as(POSITION), file.paging.limit + 1
    rows = await lists.entries(session, sites, asked, after, limit)
    return await file.of("value-entries", EntryView, rows, _entry)


@queries.get("/exports/goods-sold", response_class=Response)
async def export_goods_sold(
    session: Session, sites: AskedSites, asked: AskedSpan, file: WantedFile
) -> Response:
    """Return the cost of goods sold as a file, entry by entry."""
    after, limit = file.paging.after_as(POSITION), file.paging.limit + 1
    rows = await lists.goods_sold(session, sites, asked, after, limit)
    return await file.of("goods-sold", SoldRow, rows, _entry)


@queries.get("/exports/transit", response_class=Response)
async def export_transit(
    session: Session, context: CurrentContext, sites: AskedSites, file: WantedFile
) -> Response:
    """Return goods in transit from or to the sites asked for as a file."""
    after, limit = dispatch_after(file.paging), file.paging.limit + 1
    rows = await reads.in_transit(session, sites, after, limit)
    currency = settings_of(context).currency
    views = [transit_view(row, currency) for row in rows]
    return await file.of(
        "transit",
        TransitView,
        views,
        lambda one: [one.from_site_id, one.item_id, one.dispatch_sequence],
    )


def _entry(one: EntryView | SoldRow) -> list[object]:
    return [one.site_id, one.item_id, one.sequence]
