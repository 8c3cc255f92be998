"""Statements of the hot route go to the driver itself, in the transaction of their session."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from typing import cast as cast_to

import asyncpg
from sqlalchemy import ClauseElement, Dialect, text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.compiler import SQLCompiler

Writer = Callable[[Any], Any] | None
DRIVER = "driver"


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
