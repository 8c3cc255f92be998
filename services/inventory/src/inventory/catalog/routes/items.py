"""Items over HTTP, one by one, as a list or as a sheet."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import Field, WithJsonSchema

from contracts.wire import Code, Name
from inventory.catalog import queries as lists
from inventory.catalog import store
from inventory.catalog.domain import Item, Tracking
from inventory.catalog.routes.common import Body, Keeper, Reader, View
from inventory.catalog.routes.sheets import write_csv
from inventory.catalog.use_cases.import_items import import_items
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, command_router, query_router
from sheets.imports import ImportView, read_lines
from sheets.reading import CSV, SHEET, read_sheet

queries = query_router("catalog")
commands = command_router("catalog")

IMPORT_LINES_MAX = 1000
EXPORT_LINES_MAX = 50_000
DAYS_MAX = 36_500
Days = Annotated[int, Field(ge=0, le=DAYS_MAX, strict=True)]


class ItemLine(Body):
    """A line of an import."""

    item_id: Code
    name: Name
    base_unit: Code
    scale: Annotated[int, Field(ge=0, le=6, strict=True)]
    """Decimals a quantity of the item may have."""
    category: Name | None = None
    tracking: Tracking = Tracking.NONE
    shelf_life_days: Days | None = None
    no_sale_days: Days = 0
    for_sale: bool = True
    inspect_on_receipt: bool = False
    abc_class: Annotated[str, Field(pattern="^[A-Z]$")] | None = None
    gtin: Annotated[str, Field(max_length=14)] | None = None


COLUMNS = tuple(ItemLine.model_fields)
STATES = ("in_use", "disabled", "is_kit")
"""What an export says beside, and an import passes over: commands of their own change it."""

# Lines are checked one by one, so that a bad one doesn't keep the others out.
RawLine = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "description": "item_id, name, base_unit, scale (0 to 6) and, optionally, category,"
            " tracking (none, batch or serial), shelf_life_days, no_sale_days, for_sale,"
            " inspect_on_receipt, abc_class and gtin."
            " A line that does not fit is refused by itself, with the code invalid_line.",
            "examples": [{"item_id": "A-1", "name": "Tea", "base_unit": "box", "scale": 0}],
        }
    ),
]


class ImportBody(Body):
    """Items to create or update."""

    items: Annotated[list[RawLine], Field(min_length=1, max_length=IMPORT_LINES_MAX)]


class ItemView(View):
    """An item; `in_use` says that its unit, scale and tracking are fixed."""

    item_id: str
    name: str
    base_unit: str
    scale: int
    category: str | None
    tracking: Tracking
    shelf_life_days: int | None
    no_sale_days: int
    for_sale: bool
    inspect_on_receipt: bool
    abc_class: str | None
    gtin: str | None
    in_use: bool
    disabled: bool
    is_kit: bool


@commands.post("/items/import")
async def post_items(body: ImportBody, session: Session, _: Keeper, request: Request) -> ImportView:
    """Create or update items line by line, and report each line that was refused."""
    lines = read_lines(request, dict(enumerate(body.items, start=1)), "item_id", _item)
    return lines.report(await import_items(session, lines.taken))


@commands.post("/items/import-file", openapi_extra=SHEET)
async def post_item_sheet(request: Request, session: Session, _: Keeper) -> ImportView:
    """Create or update the items of a CSV or XLSX sheet; rows are reported by their number."""
    raw = await read_sheet(request, ItemLine, ignored=set(STATES))
    lines = read_lines(request, raw, "item_id", _item_of_text)
    return lines.report(await import_items(session, lines.taken))


def _item(raw: Mapping[str, Any]) -> Item:
    return Item(**ItemLine.model_validate(raw).model_dump())


def _item_of_text(raw: Mapping[str, Any]) -> Item:
    return Item(**ItemLine.model_validate_strings(raw).model_dump())


@queries.get("/items")
async def get_items(session: Session, paging: CurrentPaging, _: Reader) -> Page[ItemView]:
    """List items."""
    after = (paging.after(1) or [""])[0]
    rows = await lists.items(session, after, paging.limit + 1)
    return paging.page([ItemView.model_validate(row) for row in rows], lambda one: [one.item_id])


@queries.get("/items.csv", response_class=Response, responses={200: {"content": {CSV: {}}}})
async def get_item_sheet(
    session: Session,
    _: Reader,
    after: Code | None = None,
    limit: Annotated[int, Query(ge=1, le=EXPORT_LINES_MAX)] = EXPORT_LINES_MAX,
) -> Response:
    """Return items as a CSV file that can be imported again; `Link` names what follows."""
    rows = await lists.items(session, after or "", limit + 1)
    names = (*COLUMNS, *STATES)
    sheet = write_csv(names, ([getattr(row, name) for name in names] for row in rows[:limit]))
    if len(rows) > limit:
        last = rows[limit - 1].item_id
        sheet.headers["Link"] = f'</items.csv?after={last}&limit={limit}>; rel="next"'
    return sheet


@queries.get(
    "/items/template.csv", response_class=Response, responses={200: {"content": {CSV: {}}}}
)
async def get_item_template(_: Reader) -> Response:
    """Return an empty sheet of items to fill in."""
    return write_csv(COLUMNS, [])


@queries.get("/items/{item_id}")
async def get_item(item_id: Code, session: Session, _: Reader) -> ItemView:
    """Return an item."""
    return ItemView.model_validate((await store.load_items(session, [item_id]))[item_id])
