"""Count sheets, their lines and counts as people look for them, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Response
from pydantic import BaseModel

from contracts.wire import Code, Name
from inventory.counting import queries as lists
from inventory.counting import store
from inventory.counting.domain.code import sheet_in
from inventory.counting.domain.line import LineState
from inventory.counting.domain.sheet import CountSheet, SheetStatus
from inventory.counting.routes.views import (
    CountView,
    LineView,
    SheetHead,
    SheetView,
    blind_one,
    lines_shown,
    shown,
)
from inventory.documents.routes.steps import Reader
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, query_router

queries = query_router("counting")


class SheetQuery(BaseModel):
    """Narrows a list of sheets."""

    site_id: Code | None = None
    warehouse_id: Code | None = None
    status: SheetStatus | None = None
    number: Name | None = None


@queries.get("/count-sheets")
async def get_sheets(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    wanted: Annotated[SheetQuery, Depends()],
) -> Page[SheetHead]:
    """List sheets, the newest first."""
    if wanted.site_id is not None:
        caller.must_cover(wanted.site_id)
    narrowed = lists.SheetFilter(covered=caller.covered(), **wanted.model_dump())
    rows = await lists.sheets_before(session, narrowed, paging.after_id(), paging.limit + 1)
    heads = [SheetHead.model_validate(row) for row in rows]
    return paging.page(heads, lambda one: [one.sheet_id])


@queries.get("/count-sheets/by-code/{code}")
async def get_sheet_by_code(
    code: Annotated[str, Path(max_length=200)],
    response: Response,
    session: Session,
    caller: Reader,
) -> SheetView:
    """Return the sheet whose QR code was scanned."""
    return await shown(session, await _sheet(session, sheet_in(code), caller), response)


@queries.get("/count-sheets/{sheet_id}")
async def get_sheet(
    sheet_id: UUID, response: Response, session: Session, caller: Reader
) -> SheetView:
    """Return a sheet and how far it has come."""
    return await shown(session, await _sheet(session, sheet_id, caller), response)


@queries.get("/count-sheets/{sheet_id}/lines")
async def get_lines(
    sheet_id: UUID,
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    state: LineState | None = None,
) -> Page[LineView]:
    """List the lines of a sheet in their order, or those in one state."""
    sheet = await _sheet(session, sheet_id, caller)
    after, upto = paging.after_number(), paging.limit + 1
    numbers = range(after + 1, sheet.lines + 1)
    lines = await store.load_lines(session, sheet, numbers[: upto if state is None else None])
    fitting = [one for one in lines.values() if state in (None, one.state(sheet.tolerance))]
    blind = await blind_one(session, sheet, caller)
    views = await lines_shown(session, sheet, fitting[:upto], blind)
    return paging.page(views, lambda one: [one.line_no])


@queries.get("/count-sheets/{sheet_id}/counts")
async def get_counts(
    sheet_id: UUID, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[CountView]:
    """List the counts of a sheet as they were told, those that no longer count included.

    Who counts blind sees only their own while the sheet is counted.
    """
    sheet = await _sheet(session, sheet_id, caller)
    blind, after = await blind_one(session, sheet, caller), paging.after_id()
    rows = await lists.counts_after(session, sheet, after, paging.limit + 1, by=blind)
    views = [CountView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.count_id])


async def _sheet(session: Session, sheet_id: UUID, caller: Caller) -> CountSheet:
    sheet = await store.load_sheet(session, sheet_id)
    caller.must_cover(sheet.site_id)
    return sheet
