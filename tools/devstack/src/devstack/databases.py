"""A database for each service, an owner who migrates it, and a role that only works in it."""

import re

import asyncpg

from devstack.errors import StackError

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
PASSWORD = re.compile(r"[0-9a-f]+")


def owner_of(service: str) -> str:
    """Return the role that owns a service's database and its tables."""
    return f"{service}_owner"


async def provide_roles(dsn: str, passwords: dict[str, str]) -> None:
    """Create login roles, or give them these passwords."""
    connection = await asyncpg.connect(dsn)
    try:
        for role, password in passwords.items():
            _require(NAME, role)
            _require(PASSWORD, password)
            known = await connection.fetchval("select 1 from pg_roles where rolname = $1", role)
            verb = "alter" if known else "create"
            await connection.execute(f"{verb} role {role} login password '{password}'")
    finally:
        await connection.close()


async def provide_database(
    dsn: str, database: str, service: str, template: str = "template1"
) -> None:
    """Create the database if it is missing, a copy of the template for its own two roles alone."""
    _require(NAME, database)
    _require(NAME, service)
    _require(NAME, template)
    connection = await asyncpg.connect(dsn)
    try:
        if not await connection.fetchval("select 1 from pg_database where datname = $1", database):
            # Copying files forces two checkpoints of the whole server. The log is cheaper for an
            # empty database; of a migrated one, as tests copy it, the files cost half.
            strategy = "wal_log" if template == "template1" else "file_copy"
            await connection.execute(
                f"create database {database} owner {owner_of(service)}"
                f" template {template} strategy {strategy}"
            )
        await connection.execute(f"revoke all on database {database} from public")
        await connection.execute(f"grant connect, temporary on database {database} to {service}")
    finally:
        await connection.close()


async def drop_database(dsn: str, database: str) -> None:
    """Remove a database, with whoever is still in it."""
    _require(NAME, database)
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"drop database if exists {database} with (force)")
    finally:
        await connection.close()


def _require(pattern: re.Pattern[str], text: str) -> None:
    """Statements that create things take no parameters, so what goes into them is checked."""
    if not pattern.fullmatch(text):
        raise StackError(f"{text!r} is not a name or password this stack would make")
