"""Lists become sheets: exact, typed where the form knows types, and computed by nobody."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
from pyarrow import parquet
from pydantic import BaseModel
from python_calamine import CalamineWorkbook

from contracts.wire import Amount, Moment, Quantity
from sheets import Form, headers_of, sheet_of

ID = UUID("01a209bb-b586-754f-bcbf-5801e9c08c8f")
AT = datetime(2026, 11, 23, 8, 30, 1, 500000, tzinfo=UTC)


class Mood(StrEnum):
    """Something to choose."""

    GOOD = "good"


class Line(BaseModel):
    """A line with a cell of each kind."""

    id: UUID
    name: str
    mood: Mood | None = None
    line_no: int = 1
    quantity: Quantity
    amount: Amount | None = None
    at: Moment = AT
    day: date | None = None
    gift: bool = False
    serials: list[str] = []


PLAIN = Line(id=ID, name="tea", quantity=Decimal("1.250000"))
FULL = Line(
    id=ID,
    name="茶",
    mood=Mood.GOOD,
    line_no=2,
    quantity=Decimal("123456789012.000001"),
    amount=Decimal("-7.50"),
    day=date(2026, 11, 23),
    gift=True,
    serials=["a", "b"],
)


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_says_what_http_says() -> None:
    heading, plain, full = table(sheet_of("csv", Line, [PLAIN, FULL]))
    assert heading == list(Line.model_fields)
    assert plain[1:] == ["tea", "", "1", "1.25", "", "2026-11-23T08:30:01.500000Z", "", "false", ""]
    assert full[1:6] == ["茶", "good", "2", "123456789012.000001", "-7.5"]
    assert full[7:] == ["2026-11-23", "true", "a b"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_of_a_csv_file_is_computed_and_numbers_stay_numbers(text: str) -> None:
    risky = FULL.model_copy(update={"name": text, "serials": [text]})
    row = table(sheet_of("csv", Line, [risky]))[1]
    assert (row[1], row[-1], row[5]) == (f"'{text}", f"'{text}", "-7.5")


def test_a_workbook_has_numbers_as_numbers_and_codes_as_texts() -> None:
    code = FULL.model_copy(update={"name": "007"})
    content = sheet_of("xlsx", Line, [PLAIN, code])
    heading, plain, full = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    assert heading == list(Line.model_fields)
    assert (plain[1], plain[2], plain[4]) == ("tea", "", 1.25)
    assert (full[1], full[3], full[5], full[8], full[9]) == ("007", 2, -7.5, True, "a b")


def test_parquet_is_typed_and_exact() -> None:
    first, second = parquet.read_table(
        io.BytesIO(sheet_of("parquet", Line, [PLAIN, FULL]))
    ).to_pylist()
    assert (first["id"], first["mood"], first["amount"]) == (str(ID), None, None)
    assert (first["at"], first["serials"]) == (AT, [])
    assert second["quantity"] == Decimal("123456789012.000001")
    assert (second["day"], second["gift"], second["serials"]) == (FULL.day, True, ["a", "b"])


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_list_without_lines_is_a_sheet_with_its_headings(form: Form) -> None:
    content = sheet_of(form, Line, [])
    if form == "csv":
        assert table(content) == [list(Line.model_fields)]
    elif form == "parquet":
        assert parquet.read_table(io.BytesIO(content)).column_names == list(Line.model_fields)
    else:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        assert book.get_sheet_by_index(0).to_python() == [list(Line.model_fields)]


def test_headings_pick_columns_and_say_what_people_call_them() -> None:
    headings = {"quantity": "数量", "name": "货物名称"}
    assert table(sheet_of("csv", Line, [PLAIN], headings)) == [
        ["数量", "货物名称"],
        ["1.25", "tea"],
    ]


def test_a_field_that_fits_into_no_cell_is_refused() -> None:
    class Nested(BaseModel):
        line: Line

    with pytest.raises(TypeError, match="fits into no cell"):
        sheet_of("csv", Nested, [])


def test_a_file_has_a_name() -> None:
    assert headers_of("orders", "csv") == {
        "Content-Disposition": 'attachment; filename="orders.csv"'
    }
