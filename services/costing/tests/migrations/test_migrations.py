"""Migrations go up, down and up again, agree with the models, and grant no more than is needed."""

import asyncpg
import pytest

from devstack.testing import FreshDatabase, FreshDatabases
from servicekit.testing import check_models, migrate

RIGHTS = {
    "pending_fact": {"SELECT", "INSERT", "DELETE"},
    "rebuild": {"SELECT", "INSERT", "UPDATE"},
    "transit": {"SELECT", "INSERT", "UPDATE"},
    "valuation": {"SELECT", "INSERT", "UPDATE"},
    "value_entry": {"SELECT", "INSERT"},
}


@pytest.fixture
def database(fresh_database: FreshDatabases) -> FreshDatabase:
    """Return an empty database for costing."""
    return fresh_database("costing")


async def tables_of(database: FreshDatabase) -> set[str]:
    """Return the tables there are, without what alembic and the days bring."""
    session = await asyncpg.connect(database.owner_dsn)
    rows = await session.fetch("select tablename from pg_tables where schemaname = 'public'")
    await session.close()
    names = {row["tablename"] for row in rows} - {"alembic_version"}
    return {name for name in names if not name.startswith("outbox_archive_")}


async def test_migrations_go_up_down_and_up_again(database: FreshDatabase) -> None:
    migrate("costing", database.owner_dsn)
    built = await tables_of(database)
    assert built >= RIGHTS.keys()
    migrate("costing", database.owner_dsn, "base")
    assert await tables_of(database) == set()
    migrate("costing", database.owner_dsn)
    assert await tables_of(database) == built


def test_models_and_migrations_agree(database: FreshDatabase) -> None:
    migrate("costing", database.owner_dsn)
    check_models("costing", database.owner_dsn)


async def test_the_services_role_has_the_rights_it_needs_and_no_others(
    database: FreshDatabase,
) -> None:
    """E5."""
    migrate("costing", database.owner_dsn)
    session = await asyncpg.connect(database.dsn)
    rows = await session.fetch(
        "select table_name, privilege_type from information_schema.role_table_grants"
        " where grantee = 'costing' and table_name = any($1)",
        list(RIGHTS),
    )
    held = {
        table: {r["privilege_type"] for r in rows if r["table_name"] == table} for table in RIGHTS
    }
    assert held == RIGHTS
    owners = "select count(*) from pg_tables where tableowner = 'costing'"
    assert await session.fetchval(owners) == 0
    await session.close()


@pytest.mark.parametrize(
    "attack",
    ["update value_entry set value = 0", "delete from value_entry", "truncate value_entry"],
)
async def test_not_even_the_owner_changes_a_value_entry(
    database: FreshDatabase, attack: str
) -> None:
    """E5: corrections are new entries."""
    migrate("costing", database.owner_dsn)
    session = await asyncpg.connect(database.owner_dsn)
    with pytest.raises(asyncpg.RestrictViolationError, match="never changed"):
        await session.execute(attack)
    await session.close()
