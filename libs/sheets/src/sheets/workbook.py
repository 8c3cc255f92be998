"""XLSX workbooks of one sheet (ISO/IEC 29500)."""

import io
from collections.abc import Sequence
from decimal import Decimal

from pydantic import BaseModel
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from sheets.columns import Column, Kind

NUMBERS = frozenset({Kind.WHOLE, Kind.DECIMAL})


def write_xlsx(columns: Sequence[Column], rows: Sequence[BaseModel]) -> bytes:
    """Return a workbook; moments are texts in it, as its own know no time zones."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column.heading for column in columns])
        for at, row in enumerate(rows, start=1):
            said = row.model_dump(mode="json")
            for place, column in enumerate(columns):
                _write(sheet, (at, place), column, said[column.name])
    return content.getvalue()


def _write(sheet: Worksheet, where: tuple[int, int], column: Column, value: object) -> None:
    if value is None:
        return
    if column.kind in NUMBERS:
        sheet.write_number(*where, Decimal(str(value)))
    elif isinstance(value, bool):
        sheet.write_boolean(*where, value)
    else:
        # As a string whatever it looks like: codes keep their zeros, and nothing is computed.
        sheet.write_string(*where, " ".join(value) if isinstance(value, list) else str(value))
