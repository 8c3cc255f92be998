"""Statements over whole columns: one parameter for each, however many rows there are."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import Any
from uuid import UUID

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
        if not value:
            return None if value is None else "{}"
        kind = type(next((one for one in value if one is not None), None))
        if kind is str and None not in value:
            joined = '","'.join(value)
            if "\\" not in joined and joined.count('"') == 2 * (len(value) - 1):
                return '{"' + joined + '"}'
        write = _WRITERS.get(kind, str)
        return "{" + ",".join(["NULL" if one is None else write(one) for one in value]) + "}"


def _quoted(one: str) -> str:
    return '"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _hexadecimal(one: bytes) -> str:
    return '"\\\\x' + one.hex() + '"'


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _quoted,
    bytes: _hexadecimal,
    UUID: attrgetter("hex"),
}


def statement(
    sql: str, vocabulary: Mapping[str, Kind] = MappingProxyType({}), **columns: Kind
) -> TextClause:
    """Return a statement whose parameters of these names are columns of these types.

    A vocabulary may have more names than the statement; those it does not have stay single values.
    """
    made, kinds = text(sql), {**vocabulary, **columns}
    used = [name for name in made.compile().params if name in kinds]
    return made.bindparams(*(bindparam(name, type_=Values(kinds[name])) for name in used))
