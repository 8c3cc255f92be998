"""Ghost items over HTTP: found, disabled in bulk, and brought back one by one."""

from datetime import timedelta
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Moment
from inventory.catalog.routes.common import Keeper, Reader
from inventory.catalog.routes.items import ItemView
from inventory.stock import queries as books
from inventory.stock.use_cases.disable_items import disable_items, enable_item
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.problems import language_of
from servicekit.http.routing import Session, command_router, query_router
from sheets.imports import ImportView, Lines

queries = query_router("catalog")
commands = command_router("catalog")

DAYS = 180
DAYS_MAX = 36_500
ITEMS_MAX = 1000


class GhostView(BaseModel):
    """An item that is nowhere, and when something moved it last (null: never)."""

    model_config = ConfigDict(from_attributes=True)

    item_id: str
    name: str
    category: str | None
    defined_at: Moment
    moved_at: Moment | None


class DisableBody(BaseModel):
    """Items that nobody orders any more."""

    model_config = ConfigDict(extra="forbid")

    item_ids: Annotated[list[Code], Field(min_length=1, max_length=ITEMS_MAX)]


@queries.get("/items/ghosts")
async def get_ghosts(
    session: Session,
    paging: CurrentPaging,
    _: Reader,
    days: Annotated[int, Query(ge=0, le=DAYS_MAX)] = DAYS,
) -> Page[GhostView]:
    """List items without stock anywhere that nothing has moved for so many days."""
    after = (paging.after(1) or [""])[0]
    since = now() - timedelta(days=days)
    rows = await books.ghosts(session, since, after, paging.limit + 1)
    return paging.page([GhostView.model_validate(row) for row in rows], lambda one: [one.item_id])


@commands.post("/items/disable")
async def post_disabled(
    body: DisableBody, session: Session, _: Keeper, request: Request
) -> ImportView:
    """Disable items, and report each that was refused: those in stock stay."""
    lines = Lines[str](language_of(request))
    lines.ids.update(enumerate(body.item_ids, start=1))
    return lines.report(await disable_items(session, body.item_ids))


@commands.post("/items/{item_id}/enable")
async def post_enabled(item_id: Code, session: Session, _: Keeper) -> ItemView:
    """Let an item be ordered and sold again."""
    return ItemView.model_validate(await enable_item(session, item_id))
