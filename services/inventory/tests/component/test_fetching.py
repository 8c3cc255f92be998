"""Statements that go straight to the driver keep to the session's transaction and its errors."""

from typing import Any

import pytest
from sqlalchemy import Text, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from inventory.driver import fetch
from servicekit.columns import statement
from servicekit.faults import is_contention, is_transient

ADD = statement("insert into inbox_tally select unnest(:names), 'topic', 1, 0", names=Text)
COUNT = text("select count(*) as found from inbox_tally where consumer = :name")


async def counted(shop: Any, name: str) -> int:
    """Return how many rows there are under a name."""
    async with shop.service.context.database.transaction() as session:
        (row,) = await fetch(session, COUNT, {"name": name})
        return int(row["found"])


async def test_what_is_fetched_first_is_committed_with_the_rest(shop: Any) -> None:
    async with shop.service.context.database.transaction() as session:
        await fetch(session, ADD, {"names": ["kept"]})
        await session.execute(text("insert into inbox_tally values ('kept', 'other', 1, 0)"))
    assert await counted(shop, "kept") == 2


async def fail_after_adding(shop: Any) -> None:
    """Add a row, and let the transaction fail."""
    async with shop.service.context.database.transaction() as session:
        await fetch(session, ADD, {"names": ["undone"]})
        raise ZeroDivisionError


async def test_what_is_fetched_is_undone_with_the_rest(shop: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        await fail_after_adding(shop)
    assert await counted(shop, "undone") == 0


async def test_errors_are_those_of_the_session(shop: Any) -> None:
    with pytest.raises(IntegrityError):
        async with shop.service.context.database.transaction() as session:
            await fetch(session, ADD, {"names": ["twice", "twice"]})
    assert await counted(shop, "twice") == 0


async def test_locks_that_can_not_be_had_are_contention(shop: Any) -> None:
    async with shop.service.context.database.transaction() as session:
        await fetch(session, text("lock table inbox_tally"), {})
        with pytest.raises(DBAPIError) as raised:
            async with shop.service.context.database.transaction() as other:
                await fetch(other, text("lock table inbox_tally nowait"), {})
    assert is_contention(raised.value)


async def test_a_connection_that_broke_is_not_used_again(shop: Any) -> None:
    with pytest.raises(DBAPIError) as raised:
        async with shop.service.context.database.transaction() as session:
            await fetch(session, text("select pg_terminate_backend(pg_backend_pid())"), {})
    assert is_transient(raised.value)
    assert await counted(shop, "nobody") == 0
