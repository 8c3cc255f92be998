"""What each service's `migrations/env.py` runs: its migrations, under the owner's role."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

from alembic import context
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from servicekit.tables import metadata as plumbing


def run(metadata: MetaData) -> None:
    """Migrate the database that TRUESHELF_MIGRATION_DATABASE_URL names."""
    url = os.environ.get("TRUESHELF_MIGRATION_DATABASE_URL") or context.config.get_main_option(
        "sqlalchemy.url"
    )
    if not url:
        raise SystemExit("set TRUESHELF_MIGRATION_DATABASE_URL to the owner's database URL")
    url = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    # A thread of its own, since tests migrate from inside a running event loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _run(url, metadata)).result()


async def _run(url: str, metadata: MetaData) -> None:
    # A migration that can't get its lock soon gives up rather than hold up the shops.
    engine = create_async_engine(
        url, poolclass=NullPool, connect_args={"server_settings": {"lock_timeout": "5s"}}
    )
    async with engine.connect() as connection:
        await connection.run_sync(_migrate, metadata)
        await connection.commit()
    await engine.dispose()


def _migrate(connection: Connection, metadata: MetaData) -> None:
    context.configure(
        connection=connection,
        target_metadata=[plumbing, metadata],
        include_name=_ours,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _ours(name: str | None, kind: str, _: object) -> bool:
    """Leave the archive's partitions out: they come and go with the days."""
    return not (kind == "table" and (name or "").startswith("outbox_archive_"))
