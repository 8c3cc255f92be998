"""Migrations are safe to run while the platform serves: their SQL, linted by squawk.

Each migration is linted by itself. Were they one text, a table made by the first would count as
new for the last, and an index that locks it for minutes would pass.
"""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory

SQUAWK_CONFIG = ".squawk.toml"


def migration_folders(root: Path) -> list[Path]:
    """Return where services keep their migrations: in the package, or beside it."""
    environments = [
        *(root / "services").glob("*/src/*/migrations/env.py"),
        *(root / "services").glob("*/migrations/env.py"),
    ]
    return [environment.parent for environment in sorted(environments)]


def in_order(folder: Path) -> Iterator[Script]:
    """Yield the migrations of a service, first to last."""
    yield from reversed(list(ScriptDirectory(str(folder)).walk_revisions()))


def sql_of(migration: Script) -> str:
    """Return what a migration would execute, without a database."""
    text = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={"as_sql": True, "literal_binds": True, "output_buffer": text},
    )
    with Operations.context(context):
        migration.module.upgrade()
    return text.getvalue()


def check_migrations(root: Path) -> list[str]:
    """Lint every migration; return the files of those squawk complains about."""
    squawk = str(Path(sys.executable).with_name("squawk"))
    broken = []
    for folder in migration_folders(root):
        for migration in in_order(folder):
            path = Path(migration.path).relative_to(root)
            name = str(path.with_suffix(".sql"))
            command = [squawk, "--config", str(root / SQUAWK_CONFIG), "--stdin-filepath", name]
            ends = [
                subprocess.run(command, input=part, text=True, check=False).returncode
                for part in transactions_of(sql_of(migration))
            ]
            if any(ends):
                broken.append(str(path))
    return broken


def transactions_of(sql: str) -> list[str]:
    """Return a migration's SQL by transaction: in an autocommit block each statement is one.

    An index on a table that is in use is built concurrently, which no transaction allows.
    """
    parts, alone = list[str](), False
    for part in re.split(r"^(COMMIT|BEGIN);$", sql, flags=re.M):
        if part in {"COMMIT", "BEGIN"}:
            alone = part == "COMMIT"
        else:
            parts += re.split(r"(?<=;)\n\n", part) if alone else [part]
    return [part for part in parts if part.strip()]
