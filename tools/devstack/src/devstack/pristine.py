"""A migrated database as it is before anybody has used it, and how to make it so again.

To empty what a test has filled takes a fraction of what it takes to copy a whole database. What
a test may leave besides rows is undone too: sessions with their locks, numbers drawn, statistics.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

OURS = "relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
TABLES = f"""
select oid::regclass::text from pg_class where relkind = 'r' and relpersistence = 'p' and {OURS}
order by 1
"""  # noqa: S608
SEQUENCES = "select seqrelid::regclass::text, pg_sequence_last_value(seqrelid) from pg_sequence"
# To empty a table changes where its files are, and nothing else that is compared here.
CATALOGUE = f"""
select md5(string_agg(place, ' ' order by place)) from (
    select concat_ws(',', oid, relname, relowner, relkind, relacl, reloptions, relrowsecurity,
        relreplident, relispartition) from pg_class
    where relkind <> 't' and relpersistence = 'p' and {OURS}
    union all select concat_ws(',', 'proc', max(xmin::text::bigint), count(*)) from pg_proc
    union all select concat_ws(',', oid, tgrelid, tgname, tgenabled, tgtype) from pg_trigger
    union all select concat_ws(',', 'rule', max(xmin::text::bigint), count(*)) from pg_constraint
    union all select concat_ws(',', 'type', max(xmin::text::bigint), count(*)) from pg_type
    union all select concat_ws(',', 'default', max(xmin::text::bigint), count(*)) from pg_attrdef
    union all select concat_ws(',', 'schema', max(xmin::text::bigint), count(*)) from pg_namespace
    where nspname !~ '^pg_(temp|toast_temp)'
    union all select concat_ws(',', attrelid, attname, atttypid, attnotnull, attacl)
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where relkind <> 't' and relpersistence = 'p' and {OURS}
    union all select concat_ws(',', setrole, setconfig) from pg_db_role_setting
    where setdatabase in (0, (select oid from pg_database where datname = current_database()))
) as everything (place)
"""  # noqa: S608
END_OTHERS = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""
# What guards a ledger even from a session like ours is itself part of the catalogue.
GUARDS = """
select tgrelid::regclass::text, quote_ident(tgname) from pg_trigger where tgenabled = 'A'
"""
FORGET_STATISTICS = "delete from pg_statistic where starelid >= 16384"


@dataclass(frozen=True)
class Pristine:
    """What an unused database has: its catalogue, the few rows of its migrations, its numbers."""

    catalogue: str
    rows: Mapping[str, list[str]]
    numbers: Mapping[str, int | None]

    @classmethod
    async def of(cls, dsn: str) -> "Pristine":
        """Look at a database, as superuser."""
        connection = await asyncpg.connect(dsn)
        try:
            tables = await _filled(connection)
            return cls(
                await connection.fetchval(CATALOGUE),
                {table: await _rows(connection, table) for table in tables},
                await _numbers(connection),
            )
        finally:
            await connection.close()

    async def restore(self, dsn: str) -> bool:
        """Make a copy that was used as it was; False if it has become another database."""
        connection = await asyncpg.connect(
            dsn, server_settings={"session_replication_role": "replica"}
        )
        try:
            await connection.execute(END_OTHERS)
            if await connection.fetchval(CATALOGUE) != self.catalogue:
                return False
            await self._restore_rows(connection)
            await self._restore_numbers(connection)
            await connection.execute(FORGET_STATISTICS)
            return True
        finally:
            await connection.close()

    async def _restore_rows(self, connection: asyncpg.Connection) -> None:
        used = [table for table in await _filled(connection) if table not in self.rows]
        if used:
            await _empty(connection, used)
        for table, rows in self.rows.items():
            if await _rows(connection, table) != rows:
                await _empty(connection, [table])
                await connection.execute(
                    f"insert into {table} overriding system value"  # noqa: S608
                    f" select (line::{table}).* from unnest($1::text[]) as line",
                    rows,
                )

    async def _restore_numbers(self, connection: asyncpg.Connection) -> None:
        for sequence, last in (await _numbers(connection)).items():
            wanted = self.numbers[sequence]
            if last != wanted:
                place = await connection.fetchval(
                    "select coalesce($2, seqstart) from pg_sequence"
                    " where seqrelid = $1::text::regclass",
                    sequence,
                    wanted,
                )
                await connection.execute(
                    "select setval($1::text::regclass, $2, $3)", sequence, place, wanted is not None
                )


async def _filled(connection: asyncpg.Connection) -> list[str]:
    """Return the tables that have rows."""
    tables = [row[0] for row in await connection.fetch(TABLES)]
    looks = " union all ".join(
        f"select '{table}' where exists (select from {table})"  # noqa: S608
        for table in tables
    )
    return [row[0] for row in await connection.fetch(looks)] if tables else []


async def _empty(connection: asyncpg.Connection, tables: list[str]) -> None:
    """Empty tables, those included that nobody else can."""
    guards = await connection.fetch(GUARDS)
    async with connection.transaction():
        for table, guard in guards:
            await connection.execute(f"alter table {table} enable trigger {guard}")
        await connection.execute(f"truncate {', '.join(tables)} cascade")
        for table, guard in guards:
            await connection.execute(f"alter table {table} enable always trigger {guard}")


async def _rows(connection: asyncpg.Connection, table: str) -> list[str]:
    rows = await connection.fetch(f"select t::text from {table} t")  # noqa: S608
    return [row[0] for row in rows]


async def _numbers(connection: asyncpg.Connection) -> dict[str, int | None]:
    return dict(await connection.fetch(SEQUENCES))
