"""Parquet, typed and exact."""

import io
from collections.abc import Sequence
from enum import Enum
from uuid import UUID

import pyarrow
from pyarrow import parquet
from pydantic import BaseModel

from sheets.columns import Column, Kind

_TYPES = {
    Kind.TEXT: pyarrow.string(),
    Kind.TEXTS: pyarrow.list_(pyarrow.string()),
    Kind.WHOLE: pyarrow.int64(),
    # What sums of quantities and amounts need, with all their decimals.
    Kind.DECIMAL: pyarrow.decimal128(38, 6),
    Kind.MOMENT: pyarrow.timestamp("us", tz="UTC"),
    Kind.DAY: pyarrow.date32(),
    Kind.FLAG: pyarrow.bool_(),
}


def write_parquet(columns: Sequence[Column], rows: Sequence[BaseModel]) -> bytes:
    """Return a file of one table; quantities and amounts have six decimals, moments are in UTC."""
    schema = pyarrow.schema([(column.name, _TYPES[column.kind]) for column in columns])
    cells = {column.name: [_plain(getattr(row, column.name)) for row in rows] for column in columns}
    content = io.BytesIO()
    parquet.write_table(pyarrow.table(cells, schema=schema), content)
    return content.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return str(value.value)
    return str(value) if isinstance(value, UUID) else value
