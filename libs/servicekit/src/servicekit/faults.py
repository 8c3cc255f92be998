"""Which errors pass by themselves, and which will be the same next time."""

import asyncio

from asyncpg import InternalClientError
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from servicekit.errors import Kind, Refusal

# SQLSTATE classes and codes: connection, resources, operator intervention, serialisation,
# deadlock, lock not available.
PASSING_CLASSES = ("08", "53", "57")
CONTENTION_CODES = ("40001", "40P01", "55P03")
# What asyncpg may say of a connection that broke in the middle of an operation.
PASSING = (PoolTimeout, OSError, asyncio.TimeoutError, RedisError, InternalClientError)


def is_transient(error: BaseException) -> bool:
    """Tell whether trying again later may help without anybody mending anything."""
    if isinstance(error, Refusal):
        return error.kind is Kind.UNAVAILABLE
    if isinstance(error, PASSING):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = _state(error)
    return (
        error.connection_invalidated
        or state.startswith(PASSING_CLASSES)
        or state in CONTENTION_CODES
        or (not state and isinstance(error, InterfaceError | OperationalError))
    )


def is_contention(error: BaseException) -> bool:
    """Tell whether others who work on the same rows were in the way."""
    return isinstance(error, DBAPIError) and _state(error) in CONTENTION_CODES


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")
