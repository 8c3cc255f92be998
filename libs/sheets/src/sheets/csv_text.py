"""CSV (RFC 4180), guarded against being computed."""

import csv
import io
from collections.abc import Sequence

from pydantic import BaseModel

from sheets.columns import Column, Kind

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(columns: Sequence[Column], rows: Sequence[BaseModel]) -> bytes:
    """Return a heading and a line for each row; an empty cell is one that says nothing."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(column.heading for column in columns)
    for row in rows:
        said = row.model_dump(mode="json")
        sheet.writerow(_cell(column, said[column.name]) for column in columns)
    # With a byte order mark, without which Excel takes Chinese for Latin.
    return text.getvalue().encode("utf-8-sig")


def _cell(column: Column, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        value = " ".join(value)
    guarded = column.kind in (Kind.TEXT, Kind.TEXTS) and str(value).startswith(FORMULA_STARTS)
    return f"'{value}" if guarded else str(value)
