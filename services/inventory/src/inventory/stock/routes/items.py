"""Items come in over HTTP, as a list or as a sheet."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Request
from pydantic import Field, WithJsonSchema

from inventory.catalog.domain import Item
from inventory.catalog.routes.common import Body, Keeper
from inventory.catalog.routes.items import STATES, ItemLine
from inventory.stock.use_cases.import_items import import_items
from servicekit.http.routing import Session, command_router
from sheets.imports import ImportView, read_lines
from sheets.reading import SHEET, read_sheet

commands = command_router("catalog")

IMPORT_LINES_MAX = 1000

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
