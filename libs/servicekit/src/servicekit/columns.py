"""Statements over whole columns: one parameter for each, however many rows there are."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any
from typing import cast as cast_to
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, ClauseElement, ColumnElement, Dialect, Text, bindparam, cast, text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.types import TypeDecorator, TypeEngine

Kind = TypeEngine[Any] | type[TypeEngine[Any]]
Writer = Callable[[Any], Any] | None
DRIVER = "driver"


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


async def fetch(
    session: AsyncSession, asked: ClauseElement, given: Mapping[str, Any]
) -> list[asyncpg.Record]:
    """Return the rows of a statement that goes to the driver as it is, within the transaction.

    For statements that are asked for often: between session and driver, much more is done for
    each than it takes to send it. What is pending is written before, as ever; errors are those of
    the session. Types that only SQLAlchemy knows come as the driver reads them.
    """
    if session.new or session.dirty or session.deleted:
        await session.flush()
    sql, writers = _written(asked)
    driver = await _driver(session)
    try:
        values = [write(given[name]) if write else given[name] for name, write in writers]
        rows: list[asyncpg.Record] = await driver.fetch(sql, *values)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        if driver.is_closed():
            await (await session.connection()).invalidate()
        raise _kind_of(error)(sql, None, error) from error
    return rows


@cache
def _written(asked: ClauseElement) -> tuple[str, list[tuple[str, Writer]]]:
    """Return what the driver is sent, and how each parameter is written; made once for each."""
    spoken: Dialect = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
    made = asked.compile(dialect=spoken)
    if not isinstance(made, SQLCompiler):
        raise TypeError("only statements have parameters")
    names = made.positiontup or []
    return str(made), [(name, made.binds[name].type.bind_processor(spoken)) for name in names]


async def _driver(session: AsyncSession) -> "asyncpg.Connection[asyncpg.Record]":
    """Return the connection itself; the transaction is begun by SQLAlchemy, which will end it."""
    driver: asyncpg.Connection[asyncpg.Record] | None = session.info.get(DRIVER)
    if driver is None or not driver.is_in_transaction():
        connection = await (await session.connection()).get_raw_connection()
        driver = cast_to("asyncpg.Connection[asyncpg.Record]", connection.driver_connection)
        session.info[DRIVER] = driver
        if not driver.is_in_transaction():
            await session.execute(_BEGIN)
    return driver


# SQLAlchemy begins a transaction with the first statement it is asked for.
_BEGIN = text("select")


def _kind_of(error: Exception) -> type[DBAPIError]:
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return IntegrityError
    return InterfaceError if isinstance(error, asyncpg.InterfaceError) else DBAPIError
