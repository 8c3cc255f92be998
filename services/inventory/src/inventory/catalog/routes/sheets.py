"""Sheets: CSV and XLSX files with a header, whose columns are the fields of a line."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel
from python_calamine import CalamineError, CalamineWorkbook

from servicekit.errors import Refusal

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES_MAX = 10_000
CELL_MAX = 1000
UNPACKED_BYTES_MAX = 64 * 1024 * 1024
"""A small file can unpack to a huge one; this is more than so many lines can take."""
ENCODINGS = ("utf-8-sig", "gb18030")
"""What spreadsheet programs write, the second one in Chinese."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SHEET: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in (CSV, XLSX)
        },
    }
}
"""How the API's description says that a body is a sheet."""


class SheetUnreadable(Refusal):
    """The file is not what its media type says, or not a sheet of these columns."""

    code = "sheet_unreadable"
    en = "The file can't be read: {reason}."
    zh = "无法读取文件：{reason}。"


async def read_sheet(
    request: Request, line: type[BaseModel], ignored: AbstractSet[str] = frozenset()
) -> dict[int, dict[str, str]]:
    """Return the lines of a sheet by their row number, empty cells left out."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    readers = {CSV: _csv_rows, XLSX: _xlsx_rows}
    if kind not in readers:
        raise SheetUnreadable(reason=f"its Content-Type is neither {CSV} nor {XLSX}")
    rows = readers[kind](await request.body())
    header = [cell.strip() for cell in rows[0]] if rows else []
    _check_header(header, line, ignored)
    if len(rows) > LINES_MAX + 1:
        raise SheetUnreadable(reason=f"it has more than {LINES_MAX} lines; split it")
    kept = {number: _line(header, row, ignored) for number, row in enumerate(rows[1:], start=2)}
    return {number: cells for number, cells in kept.items() if cells}


def _check_header(header: Sequence[str], line: type[BaseModel], ignored: AbstractSet[str]) -> None:
    fields = line.model_fields
    needed = {name for name, field in fields.items() if field.is_required()}
    if missing := needed - set(header):
        raise SheetUnreadable(reason=f"its first row lacks {', '.join(sorted(missing))}")
    if unknown := set(header) - fields.keys() - ignored - {""}:
        known = ", ".join(fields)
        raise SheetUnreadable(
            reason=f"nobody knows its columns {', '.join(sorted(unknown))[:200]}; known are {known}"
        )
    if len(set(header) - {""}) != len([name for name in header if name]):
        raise SheetUnreadable(reason="a column stands twice in its first row")


def _line(header: Sequence[str], row: Sequence[str], ignored: AbstractSet[str]) -> dict[str, str]:
    cells = zip(header, map(_bare, row), strict=False)
    return {name: cell for name, cell in cells if name and cell and name not in ignored}


def _bare(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from computing it."""
    cell = cell.strip()
    guarded = cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS)
    return cell[1:] if guarded else cell


def _csv_rows(body: bytes) -> list[list[str]]:
    for encoding in ENCODINGS:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as error:
            raise SheetUnreadable(reason=f"it is no CSV ({error})") from error
    raise SheetUnreadable(reason="its text is neither UTF-8 nor GB 18030")


def _xlsx_rows(body: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            unpacked_bytes = sum(part.file_size for part in packed.infolist())
        if unpacked_bytes > UNPACKED_BYTES_MAX:
            raise SheetUnreadable(reason="it unpacks to far more than its lines can take")
        with CalamineWorkbook.from_filelike(io.BytesIO(body)) as book:
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError) as error:
        raise SheetUnreadable(reason="it is no XLSX workbook with a sheet") from error
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: Any) -> str:
    """Return a cell as somebody would type it; spreadsheets keep whole numbers as floats."""
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if whole else cell)[:CELL_MAX]


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return a CSV file; what a spreadsheet would compute is guarded by an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return Response(text.getvalue().encode("utf-8-sig"), media_type=CSV)


def _guarded(cell: object) -> str:
    text = "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
