"""Sheets that are written as CSV, to be filled in or taken back in."""

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi import Response

from sheets.csv_text import FORMULA_STARTS
from sheets.reading import CSV


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
