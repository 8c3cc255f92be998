"""Items over HTTP, one by one, as a list or as a sheet; the books say how they may change."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from contracts.wire import Code, Name
from inventory.catalog import queries as lists
from inventory.catalog import store
from inventory.catalog.domain import Tracking
from inventory.catalog.routes.common import Body, Reader, View
from inventory.catalog.routes.sheets import write_csv
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, query_router
from sheets.reading import CSV

queries = query_router("catalog")

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
