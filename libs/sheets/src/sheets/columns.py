"""What kinds of columns a sheet has, taken from the model of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import AwareDatetime, BaseModel


class Kind(Enum):
    """What the cells of a column are; any of them may be empty."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    MOMENT = "moment"
    DAY = "day"
    FLAG = "flag"
    TEXTS = "texts"
    """Several texts, which a sheet of cells shows side by side."""


# In this order: a flag is an int to Python, a moment a date, and a choice may be a str.
_KINDS: Sequence[tuple[type, Kind]] = (
    (bool, Kind.FLAG),
    (Enum, Kind.TEXT),
    (int, Kind.WHOLE),
    (Decimal, Kind.DECIMAL),
    (datetime, Kind.MOMENT),
    (AwareDatetime, Kind.MOMENT),
    (date, Kind.DAY),
    (str, Kind.TEXT),
    (UUID, Kind.TEXT),
)


@dataclass(frozen=True)
class Column:
    """A column: the field that it shows, what people call it, and what its cells are."""

    name: str
    heading: str
    kind: Kind


def columns_of(model: type[BaseModel], headings: dict[str, str] | None = None) -> list[Column]:
    """Return the columns named in `headings`, in their order, or all fields by their names.

    Raise a TypeError for a field that fits into no cell.
    """
    named = headings or {name: name for name in model.model_fields}
    return [
        Column(name, heading, _kind_of(model.model_fields[name].annotation))
        for name, heading in named.items()
    ]


def _kind_of(annotation: Any) -> Kind:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind_of(inner[0])
    if origin in (Union, UnionType):
        (only,) = (one for one in inner if one is not NoneType)
        return _kind_of(only)
    if origin is Literal:
        return _kind_of(type(inner[0]))
    if origin in (list, tuple) and _kind_of(inner[0]) is Kind.TEXT:
        return Kind.TEXTS
    for known, kind in _KINDS:
        if isinstance(annotation, type) and issubclass(annotation, known):
            return kind
    raise TypeError(f"{annotation} fits into no cell of a sheet")
