"""Statements of the hot route go to the driver itself, in the transaction of their session."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias
from typing import cast as cast_to

import asyncpg
from sqlalchemy import ClauseElement, Dialect, text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.compiler import SQLCompiler

from servicekit.database import OUTBOX_TOUCHED, POOL_WAIT, Database

Writer = Callable[[Any], Any] | None
Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
DRIVER = "driver"
ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError)
COMMITS_BY_ITSELF = MappingProxyType({"isolation_level": "AUTOCOMMIT"})


async def fetch(
    session: AsyncSession, asked: ClauseElement, given: Mapping[str, Any]
) -> list[asyncpg.Record]:
    """Return the rows of a statement that goes to the driver as it is, within the transaction.

    For statements that are asked for often: between session and driver, much more is done for
    each than it takes to send it. What is pending is written before, as ever; errors are those of
    the session. Types that only SQLAlchemy knows come as the driver reads them.
    """
    await _write_pending(session)
    sql, writers = _written(asked)
    driver = await _driver(session)
    values = [write(given[name]) if write else given[name] for name, write in writers]
    try:
        rows: list[asyncpg.Record] = await driver.fetch(sql, *values)
    except ERRORS as error:
        if driver.is_closed():
            await (await session.connection()).invalidate()
        raise _told(error, sql) from error
    return rows


class Standing:
    """A session that keeps its connection, for transactions one after the other.

    To have SQLAlchemy take a connection from the pool, begin, commit and give it back takes as long
    as six statements that are fetched. Here the driver begins and commits; to SQLAlchemy, whose
    statements go into the same transaction, the connection commits by itself. After an error the
    session is given up, and its connection too if that broke.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._session: AsyncSession | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Commit when the block ends, roll back when it raises; never two at a time."""
        with POOL_WAIT.time():
            session = await self._opened()
            try:
                async with session.info[DRIVER].transaction():
                    yield session
                    await _write_pending(session)
            except ERRORS as error:
                await self.close()
                raise _told(error, "transaction") from error
            except BaseException:
                await self.close()
                raise
        session.expunge_all()
        if session.info.pop(OUTBOX_TOUCHED, False):
            self._database.on_events()

    async def close(self) -> None:
        """Give the connection back."""
        session, self._session = self._session, None
        if session is not None:
            broken = session.info[DRIVER].is_closed()
            await (session.invalidate() if broken else session.close())

    async def _opened(self) -> AsyncSession:
        if self._session is not None and self._session.info[DRIVER].is_closed():
            await self.close()
        if self._session is None:
            session = AsyncSession(self._database.engine, expire_on_commit=False)
            connection = await session.connection(execution_options=COMMITS_BY_ITSELF)
            session.info[DRIVER] = _inside(await connection.get_raw_connection())
            self._session = session
        return self._session


@cache
def _written(asked: ClauseElement) -> tuple[str, list[tuple[str, Writer]]]:
    """Return what the driver is sent, and how each parameter is written; made once for each."""
    spoken: Dialect = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
    made = asked.compile(dialect=spoken)
    if not isinstance(made, SQLCompiler):
        raise TypeError("only statements have parameters")
    names = made.positiontup or []
    return str(made), [(name, made.binds[name].type.bind_processor(spoken)) for name in names]


async def _driver(session: AsyncSession) -> Driver:
    """Return the connection itself, in a transaction that is begun by SQLAlchemy if by nobody."""
    driver: Driver | None = session.info.get(DRIVER)
    if driver is None or not driver.is_in_transaction():
        driver = _inside(await (await session.connection()).get_raw_connection())
        session.info[DRIVER] = driver
        if not driver.is_in_transaction():
            await session.execute(_BEGIN)
    return driver


async def _write_pending(session: AsyncSession) -> None:
    if session.new or session.dirty or session.deleted:
        await session.flush()


def _inside(connection: PoolProxiedConnection) -> Driver:
    return cast_to("Driver", connection.driver_connection)


# SQLAlchemy begins a transaction with the first statement it is asked for.
_BEGIN = text("select")


def _told(error: Exception, sql: str) -> DBAPIError:
    """Return an error of the driver as one of the session's."""
    kind = InterfaceError if isinstance(error, asyncpg.InterfaceError) else DBAPIError
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        kind = IntegrityError
    return kind(sql, None, error)
