"""Migrations are safe to run while the platform serves: their SQL, linted by squawk."""

import os
import subprocess
import sys
from pathlib import Path

SQUAWK_CONFIG = ".squawk.toml"


def services_with_migrations(root: Path) -> list[Path]:
    """Return the services whose schema alembic keeps."""
    return [path.parent for path in sorted((root / "services").glob("*/alembic.ini"))]


def migration_sql(service: Path) -> str:
    """Return the SQL of all migrations of a service, without a database."""
    command = [sys.executable, "-m", "alembic", "upgrade", "head", "--sql"]
    url = f"postgresql://{service.name}_owner@localhost/{service.name}"
    environment = os.environ | {
        "TRUESHELF_DATABASE_URL": url,
        "TRUESHELF_MIGRATION_DATABASE_URL": url,
    }
    ran = subprocess.run(
        command, cwd=service, env=environment, check=True, text=True, stdout=subprocess.PIPE
    )
    return ran.stdout


def check_migrations(root: Path) -> list[str]:
    """Lint each service's migrations; return the names of those squawk complains about."""
    squawk = str(Path(sys.executable).with_name("squawk"))
    broken = []
    for service in services_with_migrations(root):
        sql = migration_sql(service)
        name = f"{service.name}.sql"
        command = [squawk, "--config", str(root / SQUAWK_CONFIG), "--stdin-filepath", name]
        if subprocess.run(command, input=sql, text=True, check=False).returncode:
            broken.append(service.name)
    return broken
