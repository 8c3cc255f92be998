"""Count sheets on paper and for spreadsheets."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from inventory.catalog.domain import plain
from inventory.catalog.routes.sheets import write_csv
from inventory.counting import store
from inventory.counting.domain.code import code_of
from inventory.counting.domain.sheet import CountSheet
from inventory.counting.routes.views import LineView, blind_one, lines_shown
from inventory.documents.queries import Names, names
from inventory.documents.routes.steps import Reader
from papers.labels import SVG, label
from papers.pages import Paper, page
from servicekit.auth import Caller
from servicekit.http.routing import Session, query_router
from sheets.lists import WantedFile
from sheets.reading import CSV

prints = query_router("counting")

COLUMNS = (
    "line_no",
    "warehouse_id",
    "item_id",
    "batch_id",
    "state",
    "round_no",
    "counted_at",
    "counted",
    "book_quantity",
    "expected",
    "difference",
    "gain_document",
    "loss_document",
)
HEADS = (
    "#",
    "Warehouse 仓库",
    "Item 商品",
    "Batch 批次",
    "Books 账面",
    "Counted 实盘",
    "Time 时间",
)


@prints.get(
    "/count-sheets/{sheet_id}/lines.csv",
    response_class=Response,
    responses={200: {"content": {CSV: {}}}},
)
async def get_csv(sheet_id: UUID, session: Session, caller: Reader) -> Response:
    """Return the lines of a sheet as a CSV file; a blind one shows its counters no books."""
    _, lines = await _shown(session, sheet_id, caller)
    rows = (one.model_dump(mode="json") for one in lines)
    return write_csv(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


@prints.get("/count-sheets/{sheet_id}/lines/export", response_class=Response)
async def get_file(sheet_id: UUID, session: Session, caller: Reader, file: WantedFile) -> Response:
    """Return the lines of a sheet as a file; a blind one shows its counters no books."""
    sheet = await store.load_sheet(session, sheet_id)
    caller.must_cover(sheet.site_id)
    after = file.paging.after_number()
    numbers = range(after + 1, sheet.lines + 1)[: file.paging.limit + 1]
    lines = await store.load_lines(session, sheet, numbers)
    blind = await blind_one(session, sheet, caller)
    views = await lines_shown(session, sheet, lines.values(), blind)
    return await file.of(sheet.number, LineView, views, lambda one: [one.line_no])


@prints.get(
    "/count-sheets/{sheet_id}/label",
    response_class=Response,
    responses={200: {"content": {SVG: {}}}},
)
async def get_label(sheet_id: UUID, session: Session, caller: Reader) -> Response:
    """Return a label with the sheet's QR code and number, as SVG."""
    sheet = await store.load_sheet(session, sheet_id)
    caller.must_cover(sheet.site_id)
    return Response(label(code_of(sheet.sheet_id), sheet.number), media_type=SVG)


@prints.get("/count-sheets/{sheet_id}/print", response_class=HTMLResponse)
async def get_print(sheet_id: UUID, session: Session, caller: Reader) -> HTMLResponse:
    """Return the sheet as a page to print, count and sign."""
    sheet, lines = await _shown(session, sheet_id, caller)
    places = {(sheet.site_id, line.warehouse_id) for line in lines}
    called = await names(session, places, {line.item_id for line in lines})
    return HTMLResponse(page(_paper(sheet, lines, called)))


async def _shown(
    session: Session, sheet_id: UUID, caller: Caller
) -> tuple[CountSheet, list[LineView]]:
    sheet = await store.load_sheet(session, sheet_id)
    caller.must_cover(sheet.site_id)
    lines = await store.load_lines(session, sheet)
    blind = await blind_one(session, sheet, caller)
    return sheet, await lines_shown(session, sheet, lines.values(), blind)


def _paper(sheet: CountSheet, lines: Sequence[LineView], called: Names) -> Paper:
    return Paper(
        title="Count sheet 盘点单",
        number=sheet.number,
        code=code_of(sheet.sheet_id),
        facts={
            "Status 状态": sheet.status.value,
            "Opened 开单": f"{sheet.opened_at:%Y-%m-%d %H:%M} UTC",
        },
        heads=HEADS,
        rows=[_cells(sheet, line, called) for line in lines],
        signatures={
            "Opened 开单": sheet.opened_by,
            "Counted 盘点": None,
            "Audited 审核": sheet.audited_by,
            "Approved 批准": sheet.closed_by,
        },
    )


def _cells(sheet: CountSheet, line: LineView, called: Names) -> tuple[str, ...]:
    return (
        str(line.line_no),
        called.places.get((sheet.site_id, line.warehouse_id), line.warehouse_id),
        f"{line.item_id} {called.items.get(line.item_id, '')}",
        line.batch_id,
        "" if line.book_quantity is None else plain(line.book_quantity),
        "" if line.counted is None else plain(line.counted),
        "" if line.counted_at is None else f"{line.counted_at:%m-%d %H:%M}",
    )
