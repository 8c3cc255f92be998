"""Reads sheets: CSV and XLSX files with a header, whose columns are the fields of a line."""

import asyncio
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from fastapi import Request
from pydantic import BaseModel
from python_calamine import CalamineError, CalamineWorkbook

from servicekit.errors import Refusal
from sheets.csv_text import FORMULA_STARTS

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES_MAX = 10_000
CELL_MAX = 1000
UNPACKED_BYTES_MAX = 64 * 1024 * 1024
"""A small file can unpack to a huge one; this is more than so many lines can take."""
CELLS_MAX = 1_000_000
"""Between the corners of a workbook's sheet: all of them are laid out in memory, empty or not."""
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,9})["']""")
"""Where a row or a cell of a workbook stands."""
NO_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
ENCODINGS = ("utf-8-sig", "gb18030")
"""What spreadsheet programs write, the second one in Chinese."""
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
    # A workbook takes a moment, in which others are to be answered.
    rows = await asyncio.to_thread(readers[kind], await request.body())
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
        _must_be_small(body)
        with CalamineWorkbook.from_filelike(io.BytesIO(body)) as book:
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (*NO_ZIP, CalamineError) as error:
        raise SheetUnreadable(reason="it is no XLSX workbook with a sheet") from error
    return [[_text(cell) for cell in row] for row in rows]


def _must_be_small(body: bytes) -> None:
    """Raise if a workbook would take far more room than its lines do: what it says isn't enough."""
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
            raise SheetUnreadable(reason="it unpacks to far more than its lines can take")
        # Reading a part to its end finds out those that are larger than they say.
        for part in parts:
            if _cells(packed.read(part)) > CELLS_MAX:
                raise SheetUnreadable(reason="its cells stand far apart; remove the empty ones")


def _cells(part: bytes) -> int:
    """Return how many cells there are between the corners of a sheet, if it is one."""
    rows = columns = 1
    for letters, row in PLACE.findall(part):
        rows, columns = max(rows, int(row)), max(columns, _column(letters))
    return rows * columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _text(cell: Any) -> str:
    """Return a cell as somebody would type it; spreadsheets keep whole numbers as floats."""
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if whole else cell)[:CELL_MAX]
