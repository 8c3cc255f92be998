"""A database that is lent again is as empty as one that nobody has used."""

from typing import Any

import asyncpg
import pytest

from devstack.databases import drop_database
from devstack.pristine import CATALOGUE, SEQUENCES, TABLES
from devstack.services import SERVICES
from devstack.testing import Shelf

NAMES = [service.name for service in SERVICES]
COLUMNS = """
select attname as name, format_type(atttypid, null) as type from pg_attribute
where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = ''
"""
SOMETHING = {
    "bigint": "7",
    "boolean": "true",
    "bytea": "'x'",
    "character varying": "'{name}'",
    "date": "current_date",
    "integer": "7",
    "jsonb": "'[]'",
    "numeric": "7",
    "smallint": "7",
    "text": "'{name}'",
    "text[]": "array['{name}']",
    "timestamp with time zone": "now()",
    "uuid": "gen_random_uuid()",
}


@pytest.mark.parametrize("service", NAMES)
async def test_what_is_lent_again_is_as_empty_as_what_was_never_used(
    lender: Shelf, service: str
) -> None:
    template, _ = lender.template(service)
    fresh = await contents(lender.superuser_dsn(template))
    with lender.lend(service) as used:
        filled = await fill(lender.superuser_dsn(used.name))
        # What a row must look like keeps some of them out: not most.
        assert len(filled) > len(fresh["tables"]) / 3
        assert {"outbox", "inbox", "alembic_version"} <= filled
        assert await contents(lender.superuser_dsn(used.name)) != fresh
    with lender.lend(service) as again:
        assert again.name == used.name
        assert await contents(lender.superuser_dsn(again.name)) == fresh


async def test_a_ledger_that_cannot_be_changed_is_emptied_too_and_protected_again(
    lender: Shelf,
) -> None:
    with lender.lend("inventory") as used:
        assert "ledger_entry" in await fill(lender.superuser_dsn(used.name))
    with lender.lend("inventory") as again:
        owner = await asyncpg.connect(again.owner_dsn)
        assert await owner.fetchval("select count(*) from ledger_entry") == 0
        with pytest.raises(asyncpg.RestrictViolationError, match="never changed"):
            await owner.execute("truncate ledger_entry")
        await owner.close()


async def test_what_a_migration_wrote_is_there_again(lender: Shelf) -> None:
    with lender.lend("purchasing") as used:
        session = await asyncpg.connect(lender.superuser_dsn(used.name))
        version = await session.fetchval("select version_num from alembic_version")
        await session.execute("update alembic_version set version_num = 'other'")
        await session.close()
    with lender.lend("purchasing") as again:
        session = await asyncpg.connect(lender.superuser_dsn(again.name))
        assert again.name == used.name
        assert await session.fetchval("select version_num from alembic_version") == version
        await session.close()


async def test_numbers_drawn_in_vain_are_drawn_again(lender: Shelf) -> None:
    draw = "select nextval(pg_get_serial_sequence('outbox', 'id'))"
    for _ in range(2):
        with lender.lend("sales") as lent:
            session = await asyncpg.connect(lent.owner_dsn)
            assert await session.fetchval(draw) == 1
            await session.close()


async def test_sessions_and_locks_left_behind_are_ended(lender: Shelf) -> None:
    lock = "select pg_try_advisory_lock(7)"
    with lender.lend("sales") as used:
        left = await asyncpg.connect(used.dsn)
        await left.execute("begin; lock table outbox in row exclusive mode")
        assert await left.fetchval(lock)
    with lender.lend("sales") as again:
        assert again.name == used.name
        session = await asyncpg.connect(again.dsn)
        assert await session.fetchval(lock)
        assert await session.fetchval("select count(*) from outbox") == 0
        await session.close()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await left.fetchval("select 1")
    left.terminate()


@pytest.mark.parametrize(
    "change",
    [
        "alter table outbox disable trigger all; create table more (id int)",
        "alter table outbox disable row level security; alter table outbox add more int",
        "alter table outbox add constraint more check (id > 0)",
        "alter table outbox alter key drop not null",
        "grant all on outbox to public",
        "create index more on outbox (key)",
        "create function more() returns int language sql return 1",
        "drop function ensure_archive_partitions()",
        "drop table inbox",
    ],
)
async def test_a_database_of_another_shape_is_not_lent_again(lender: Shelf, change: str) -> None:
    with lender.lend("sales") as used:
        owner = await asyncpg.connect(used.owner_dsn)
        await owner.execute(change)
        await owner.close()
    with lender.lend("sales") as other:
        assert other.name != used.name
    await drop_database(lender.superuser_dsn("postgres"), used.name)


async def test_a_trigger_that_was_switched_off_is_another_shape(lender: Shelf) -> None:
    with lender.lend("inventory") as used:
        owner = await asyncpg.connect(used.owner_dsn)
        await owner.execute("alter table ledger_entry disable trigger user")
        await owner.close()
    with lender.lend("inventory") as other:
        assert other.name != used.name


async def test_two_at_once_are_two(lender: Shelf) -> None:
    with lender.lend("sales") as one, lender.lend("sales") as other:
        assert one.name != other.name


async def contents(dsn: str) -> dict[str, Any]:
    """Return every row of every table, every number drawn, and the shape of it all."""
    session = await asyncpg.connect(dsn)
    tables = [row[0] for row in await session.fetch(TABLES)]
    found = {
        "tables": {
            table: [row[0] for row in await session.fetch(f"select t::text from {table} t")]  # noqa: S608
            for table in tables
        },
        "numbers": dict(await session.fetch(SEQUENCES)),
        "shape": await session.fetchval(CATALOGUE),
        "statistics": await session.fetchval(
            "select count(*) from pg_statistic where starelid >= 16384"
        ),
    }
    await session.close()
    return found


async def fill(dsn: str) -> set[str]:
    """Put a row into every table that takes one made up; return which did."""
    session = await asyncpg.connect(dsn, server_settings={"session_replication_role": "replica"})
    filled = set()
    for (table,) in await session.fetch(TABLES):
        columns = await session.fetch(COLUMNS, table)
        names = ", ".join(f'"{column["name"]}"' for column in columns)
        values = ", ".join(
            SOMETHING.get(column["type"], "null").format(name=column["name"]) for column in columns
        )
        try:
            await session.execute(
                f"insert into {table} ({names}) overriding system value values ({values})"  # noqa: S608
            )
        except asyncpg.IntegrityConstraintViolationError:
            continue
        filled.add(table)
    await session.execute("update alembic_version set version_num = 'not-' || version_num; analyze")
    await session.close()
    return filled
