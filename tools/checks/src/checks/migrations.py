"""Migrations are safe to run while the platform serves: their SQL, linted by squawk.

Each migration is linted by itself. Were they one text, a table made by the first would count as
new for the last, and an index that locks it for minutes would pass.
"""

import io
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
            ran = subprocess.run(command, input=sql_of(migration), text=True, check=False)
            if ran.returncode:
                broken.append(str(path))
    return broken
