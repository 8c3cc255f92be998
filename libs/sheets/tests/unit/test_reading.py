"""What is sent in as a sheet is read in bounded time and room, whatever it is (H6)."""

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
from fastapi import Request
from pydantic import BaseModel

from sheets.reading import CSV, XLSX, SheetUnreadable, read_sheet

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class Line(BaseModel):
    """A line of these sheets."""

    name: str
    note: str | None = None


def posted(body: bytes, kind: str) -> Request:
    """Return a request with a body."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "headers": [(b"content-type", kind.encode())]}, receive)


def workbook(rows: list[list[str]]) -> bytes:
    """Return a workbook with a sheet of rows."""
    body = io.BytesIO()
    with xlsxwriter.Workbook(body) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return body.getvalue()


def with_sheet(sheet: bytes) -> bytes:
    """Return a workbook whose sheet is what is given."""
    body, whole = io.BytesIO(), zipfile.ZipFile(io.BytesIO(workbook([["name"]])))
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in whole.namelist():
            packed.writestr(part, sheet if part == SHEET else whole.read(part))
    return body.getvalue()


def cell_at(place: str) -> bytes:
    """Return a sheet with a cell in its first corner and another one far away."""
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        f"<row r='{row}'><c r='{place}'><v>1</v></c></row></sheetData></worksheet>"
    ).encode()


async def test_a_workbook_and_a_csv_file_say_the_same() -> None:
    rows = [["name", "note"], ["tea", "'=1+1"], ["", ""], ["rice", ""]]
    said = {2: {"name": "tea", "note": "=1+1"}, 4: {"name": "rice"}}
    assert await read_sheet(posted(workbook(rows), XLSX), Line) == said
    text = "\n".join(",".join(row) for row in rows).encode()
    assert await read_sheet(posted(text, CSV), Line) == said


@pytest.mark.parametrize("place", ["XFD1048576", "ZZZ2000", "B1048576"])
async def test_a_cell_far_away_takes_no_room_for_what_lies_between(place: str) -> None:
    body = with_sheet(cell_at(place))
    assert len(body) < 10_000
    with pytest.raises(SheetUnreadable, match="far apart"):
        await read_sheet(posted(body, XLSX), Line)


async def test_a_part_that_unpacks_to_more_than_it_says_is_refused() -> None:
    honest = with_sheet(b" " * 100_000)
    size, lie = (100_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert honest.count(size) == 2
    with pytest.raises(SheetUnreadable, match="no XLSX"):
        await read_sheet(posted(honest.replace(size, lie), XLSX), Line)


async def test_a_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    body = with_sheet(b" " * (65 * 1024 * 1024))
    with pytest.raises(SheetUnreadable, match="far more"):
        await read_sheet(posted(body, XLSX), Line)
