"""Statements over whole columns: one parameter for each, however many rows there are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Dialect, Text, bindparam, cast, text
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.types import TypeDecorator, TypeEngine

Kind = TypeEngine[Any] | type[TypeEngine[Any]]


class Values(TypeDecorator[Sequence[Any]]):
    """An array that travels as its text.

    The driver looks at every element of an array several times, which is most of what a statement
    of many rows costs here; one text is looked at once.
    """

    impl = Text
    cache_ok = True

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind

    def bind_expression(self, bindparam: Any) -> ColumnElement[Any]:
        """Let the server read the text as an array."""
        return cast(bindparam, ARRAY(self.kind))

    def process_bind_param(self, value: Sequence[Any] | None, _: Dialect) -> str | None:
        """Write the text of an array."""
        if value is None:
            return None
        return "{" + ",".join([_written(one) for one in value]) + "}"


def _written(one: object) -> str:
    if one is None:
        return "NULL"
    if isinstance(one, str):
        return '"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(one)


def statement(sql: str, **columns: Kind) -> TextClause:
    """Return a statement whose parameters of these names are columns of these types."""
    return text(sql).bindparams(
        *(bindparam(name, type_=Values(kind)) for name, kind in columns.items())
    )
