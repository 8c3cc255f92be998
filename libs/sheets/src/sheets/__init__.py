"""Writes lists as sheets: CSV and XLSX for people, Parquet for their programs.

The rows are the models that the list shows over HTTP, so that a sheet has the same fields, in the
same spelling; `headings` picks and renames them where a form prescribes it.
"""

import importlib
from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import BaseModel

from sheets.columns import columns_of
from sheets.csv_text import write_csv
from sheets.workbook import write_xlsx

Form = Literal["csv", "xlsx", "parquet"]
MEDIA: dict[Form, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def sheet_of(
    form: Form,
    model: type[BaseModel],
    rows: Sequence[BaseModel],
    headings: dict[str, str] | None = None,
) -> bytes:
    """Return rows of a model as a file in one of the forms.

    Texts that a program for sheets would compute are guarded by an apostrophe in CSV, which knows
    no types. Numbers in XLSX have the 15 digits that such programs compute with; CSV and Parquet
    are exact. Parquet names its columns as the model does.
    """
    columns = columns_of(model, headings)
    return _writer(form)(columns, rows)


def headers_of(name: str, form: Form) -> dict[str, str]:
    """Return the headers that name a file."""
    return {"Content-Disposition": f'attachment; filename="{name}.{form}"'}


def _writer(form: Form) -> Callable[..., bytes]:
    if form == "parquet":
        # Takes seconds and 60 MB to load, which a process that never writes it is spared.
        writer: Callable[..., bytes] = importlib.import_module("sheets.parquet").write_parquet
        return writer
    return write_xlsx if form == "xlsx" else write_csv


__all__ = ["MEDIA", "Form", "headers_of", "sheet_of"]
