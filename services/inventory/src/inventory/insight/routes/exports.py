"""HTTP: stock, its ledger and the masters behind it as files (H6)."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict

from contracts.wire import Code, Moment, Name, Quantity
from inventory.catalog import queries as catalog
from inventory.catalog.routes.items import ItemView
from inventory.insight.queries import exports as lists
from inventory.settings import READING
from inventory.stock import queries as books
from inventory.stock.routes.balances import EntryView, StockView, moment_told
from servicekit.auth import Caller
from servicekit.http.pages import whole_number
from servicekit.http.routing import Session, allow, query_router
from sheets.lists import WantedFile

queries = query_router("insight")

Reader = Annotated[Caller, Depends(allow(*READING))]


class BatchRow(BaseModel):
    """A batch, and whether it is called back, by which recall."""

    model_config = ConfigDict(from_attributes=True)

    item_id: str
    batch_id: str
    manufactured_on: date | None
    expires_on: date | None
    process_version: str | None
    attributes: str
    """As JSON."""
    blocked: bool
    blocked_by: str | None


class KitRow(BaseModel):
    """How much of a component goes into one kit now, in the component's base unit."""

    model_config = ConfigDict(from_attributes=True)

    item_id: str
    version: int
    component_id: str
    quantity: Quantity
    defined_at: Moment
    defined_by: str


class StockFileQuery(BaseModel):
    """Narrows a file of balances, and says of which past moment it tells."""

    site_id: Code
    item_id: Code | None = None
    warehouse_id: Code | None = None
    category: Name | None = None
    as_of: Moment | None = None


@queries.get("/exports/stock", response_class=Response)
async def export_stock(
    session: Session, caller: Reader, file: WantedFile, asked: Annotated[StockFileQuery, Depends()]
) -> Response:
    """Return the stock of a site as a file: as it is, or as of a past moment."""
    caller.must_cover(asked.site_id)
    narrowed = books.StockFilter(caller.covered(), **asked.model_dump(exclude={"as_of"}))
    after, limit = file.paging.after(4), file.paging.limit + 1
    if asked.as_of is None:
        rows = await books.balances(session, narrowed, after, limit)
    else:
        moment = moment_told(asked.as_of)
        rows = await books.balances_at(session, moment, narrowed, after, limit)
    return await file.of(
        "stock",
        StockView,
        rows,
        lambda one: [one.site_id, one.item_id, one.warehouse_id, one.batch_id],
    )


@queries.get("/exports/ledger", response_class=Response)
async def export_ledger(
    session: Session, caller: Reader, file: WantedFile, site_id: Code, item_id: Code | None = None
) -> Response:
    """Return the ledger of a site, or of one of its items, as a file: item by item, as written."""
    caller.must_cover(site_id)
    position = file.paging.after(2)
    after = ("", 0) if position is None else (position[0], whole_number(position[1]))
    rows = await lists.entries(session, site_id, item_id, after, file.paging.limit + 1)
    return await file.of("ledger", EntryView, rows, lambda one: [one.item_id, one.sequence])


@queries.get("/exports/items", response_class=Response)
async def export_items(session: Session, _: Reader, file: WantedFile) -> Response:
    """Return items as a file."""
    after = (file.paging.after(1) or [""])[0]
    rows = await catalog.items(session, after, file.paging.limit + 1)
    return await file.of("items", ItemView, rows, lambda one: [one.item_id])


@queries.get("/exports/batches", response_class=Response)
async def export_batches(
    session: Session, _: Reader, file: WantedFile, item_id: Annotated[Code | None, Query()] = None
) -> Response:
    """Return the batches of all items, or of one, as a file."""
    after = file.paging.after(2)
    rows = await lists.batches(session, item_id, after, file.paging.limit + 1)
    return await file.of("batches", BatchRow, rows, lambda one: [one.item_id, one.batch_id])


@queries.get("/exports/kits", response_class=Response)
async def export_kits(session: Session, _: Reader, file: WantedFile) -> Response:
    """Return what kits are made of now as a file, a row for each component."""
    after = file.paging.after(2)
    rows = await lists.kits(session, after, file.paging.limit + 1)
    return await file.of("kits", KitRow, rows, lambda one: [one.item_id, one.component_id])
