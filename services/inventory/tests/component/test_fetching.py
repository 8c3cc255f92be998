"""Statements that go straight to the driver keep to the session's transaction and its errors."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Text, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from inventory.driver import Standing, fetch
from servicekit.columns import statement
from servicekit.faults import is_contention, is_transient

ADD = statement("insert into inbox_tally select unnest(:names), 'topic', 1, 0", names=Text)
PROCESS = text("select pg_backend_pid() as process")
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


@pytest.fixture
async def standing(shop: Any) -> AsyncIterator[Standing]:
    """A session that keeps its connection."""
    made = Standing(shop.service.context.database)
    yield made
    await made.close()


BY_SESSION = text("insert into inbox_tally values (:name, 'other', 1, 0)")


async def test_transactions_of_a_standing_session_are_each_committed_at_one_stroke(
    shop: Any, standing: Standing
) -> None:
    for number in (1, 2):
        async with standing.transaction() as session:
            await session.execute(BY_SESSION, {"name": f"standing {number}"})
            await fetch(session, ADD, {"names": [f"standing {number}"]})
            assert await counted(shop, f"standing {number}") == 0
        assert await counted(shop, f"standing {number}") == 2


async def fail_while_standing(standing: Standing) -> None:
    """Add rows both ways, and let it fail."""
    async with standing.transaction() as session:
        await fetch(session, ADD, {"names": ["in vain"]})
        await session.execute(BY_SESSION, {"name": "in vain"})
        raise ZeroDivisionError


async def test_what_fails_in_a_standing_session_is_undone_and_the_next_goes_on(
    shop: Any, standing: Standing
) -> None:
    with pytest.raises(ZeroDivisionError):
        await fail_while_standing(standing)
    assert await counted(shop, "in vain") == 0
    await test_transactions_of_a_standing_session_are_each_committed_at_one_stroke(shop, standing)


async def test_the_next_to_have_the_connection_commits_nothing_by_itself(
    shop: Any, standing: Standing
) -> None:
    async with standing.transaction() as session:
        mine = await fetch(session, PROCESS, {})
    await standing.close()
    async with shop.service.context.database.transaction() as session:
        assert await fetch(session, PROCESS, {}) == mine
    await test_what_is_fetched_is_undone_with_the_rest(shop)


async def test_a_standing_connection_that_broke_in_a_transaction_is_left(
    shop: Any, standing: Standing
) -> None:
    with pytest.raises(DBAPIError) as raised:
        async with standing.transaction() as session:
            await fetch(session, text("select pg_terminate_backend(pg_backend_pid())"), {})
    assert is_transient(raised.value)
    await test_transactions_of_a_standing_session_are_each_committed_at_one_stroke(shop, standing)


async def test_a_standing_connection_that_broke_between_transactions_is_not_noticed(
    shop: Any, standing: Standing
) -> None:
    async with standing.transaction() as session:
        (row,) = await fetch(session, PROCESS, {})
    async with shop.service.context.database.transaction() as session:
        await fetch(session, text("select pg_terminate_backend(:process, 5000)"), dict(row))
    await test_transactions_of_a_standing_session_are_each_committed_at_one_stroke(shop, standing)
