"""Batches and units with numbers of their own over HTTP, and the trace codes of units."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Name
from inventory.catalog import store as catalog
from inventory.catalog.routes.sheets import write_csv
from inventory.settings import NAMING, READING
from inventory.stock import queries as books
from inventory.stock import store
from inventory.stock.domain import Batch, SerialState
from inventory.stock.use_cases.name_batches import name_batches
from inventory.stock.use_cases.name_trace_codes import name_trace_codes
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router
from sheets.lists import WantedFile
from sheets.reading import CSV

queries = query_router("batches and serials")
commands = command_router("batches and serials")

Reader = Annotated[Caller, Depends(allow(*READING))]
Namer = Annotated[Caller, Depends(allow(*NAMING))]

ATTRIBUTES_MAX = 50
CODES_MAX = 1000
EXPORT_LINES_MAX = 50_000
TraceCode = Annotated[str, Field(pattern=r"^[!-~]{1,100}$")]
TRACE_COLUMNS = (
    "item_id",
    "serial_no",
    "trace_code",
    "batch_id",
    "state",
    "site_id",
    "warehouse_id",
)


class BatchBody(BaseModel):
    """A batch as its label describes it; the expiry follows from the manufacture if left out."""

    model_config = ConfigDict(extra="forbid")

    batch_id: Code
    manufactured_on: date | None = None
    expires_on: date | None = None
    process_version: Code | None = None
    attributes: Annotated[dict[Code, Name], Field(max_length=ATTRIBUTES_MAX)] = {}


class BatchView(BaseModel):
    """A batch; `expires_on` is the last day on which it may be used."""

    model_config = ConfigDict(from_attributes=True)

    item_id: str
    batch_id: str
    manufactured_on: date | None
    expires_on: date | None
    process_version: str | None
    attributes: dict[str, str]


class SerialView(BaseModel):
    """A unit: where it is, or was last, and the code that public registers know it by."""

    model_config = ConfigDict(from_attributes=True)

    item_id: str
    serial_no: str
    batch_id: str
    site_id: str
    warehouse_id: str
    state: SerialState
    trace_code: str | None


class TraceCodes(BaseModel):
    """Trace codes by serial number, given to units by others."""

    model_config = ConfigDict(extra="forbid")

    codes: Annotated[dict[Code, TraceCode], Field(min_length=1, max_length=CODES_MAX)]


@commands.post("/items/{item_id}/batches", status_code=201, responses={200: {"model": BatchView}})
async def post_batch(
    item_id: Code, body: BatchBody, session: Session, _: Namer, response: Response
) -> BatchView:
    """Register a batch (201), or add what was not known of it (200); other dates are refused."""
    items = await catalog.load_items(session, [item_id])
    items[item_id].must_be_named_by_batch()
    given = Batch(item_id, **body.model_dump())
    if not await name_batches(session, [given], items):
        response.status_code = 200
    return BatchView.model_validate((await store.load_batches(session, {given.key}))[given.key])


@queries.get("/items/{item_id}/batches")
async def get_batches(
    item_id: Code, session: Session, paging: CurrentPaging, _: Reader
) -> Page[BatchView]:
    """List an item's batches."""
    await catalog.load_items(session, [item_id])
    after = (paging.after(1) or [""])[0]
    rows = await books.batches(session, item_id, after, paging.limit + 1)
    return paging.page([BatchView.model_validate(row) for row in rows], lambda one: [one.batch_id])


@queries.get("/items/{item_id}/serials")
async def get_serials(
    item_id: Code, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[SerialView]:
    """List an item's units, each with its place: its last one, if it is gone."""
    await catalog.load_items(session, [item_id])
    after = (paging.after(1) or [""])[0]
    rows = await books.serials(session, item_id, caller.covered(), after, paging.limit + 1)
    views = [SerialView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.serial_no])


@commands.post("/items/{item_id}/trace-codes", status_code=204)
async def post_trace_codes(item_id: Code, body: TraceCodes, session: Session, _: Namer) -> None:
    """Name the trace codes of units; all of them are kept, or none."""
    await name_trace_codes(session, item_id, body.codes)


@queries.get(
    "/items/{item_id}/trace-codes.csv",
    response_class=Response,
    responses={200: {"content": {CSV: {}}}},
)
async def get_trace_codes(
    item_id: Code, session: Session, caller: Reader, after: Code | None = None
) -> Response:
    """Return the trace codes of an item's units as a CSV file; `Link` names what follows."""
    await catalog.load_items(session, [item_id])
    covered, limit = caller.covered(), EXPORT_LINES_MAX
    rows = await books.serials(session, item_id, covered, after or "", limit + 1)
    cells = ([getattr(row, name) for name in TRACE_COLUMNS] for row in rows[:limit])
    sheet = write_csv(TRACE_COLUMNS, cells)
    if len(rows) > limit:
        last = rows[limit - 1].serial_no
        sheet.headers["Link"] = f'</items/{item_id}/trace-codes.csv?after={last}>; rel="next"'
    return sheet


@queries.get("/items/{item_id}/trace-codes/export", response_class=Response)
async def export_trace_codes(
    item_id: Code, session: Session, caller: Reader, file: WantedFile
) -> Response:
    """Return an item's units with their trace codes as a file."""
    await catalog.load_items(session, [item_id])
    after = (file.paging.after(1) or [""])[0]
    rows = await books.serials(session, item_id, caller.covered(), after, file.paging.limit + 1)
    return await file.of("trace-codes", SerialView, rows, lambda one: [one.serial_no])
