"""A migration that would stop the shops is found; one that would not passes."""

import shutil
from pathlib import Path

from checks.migrations import SQUAWK_CONFIG, check_migrations

ROOT = Path(__file__).parents[3]
FIRST = """
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute("create table stock (id bigint generated always as identity primary key)")
"""
SECOND = """
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    with op.get_context().{block}:
        op.execute("{statement}")
        op.execute("comment on table stock is 'goods'")
"""
TOGETHER, ALONE = "begin_transaction()", "autocommit_block()"


def repository(root: Path, statement: str, block: str = TOGETHER) -> Path:
    root.mkdir(exist_ok=True)
    shutil.copy(ROOT / SQUAWK_CONFIG, root / SQUAWK_CONFIG)
    folder = root / "services/inventory/src/inventory/migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").touch()
    (folder / "versions/v0001_start.py").write_text(FIRST, "utf-8")
    second = SECOND.format(statement=statement, block=block)
    (folder / "versions/v0002_more.py").write_text(second, "utf-8")
    return root


def test_migrations_that_lock_nothing_for_long_pass(tmp_path: Path) -> None:
    root = repository(tmp_path, "alter table stock add column note text")
    assert check_migrations(root) == []


def test_an_index_that_locks_a_table_of_an_earlier_migration_is_found(tmp_path: Path) -> None:
    root = repository(tmp_path, "create index ix_stock_id on stock (id)")
    (found,) = check_migrations(root)
    assert found.endswith("v0002_more.py")


def test_an_index_on_a_table_in_use_is_built_beside_the_traffic_and_can_be_tried_again(
    tmp_path: Path,
) -> None:
    good = "create index concurrently if not exists ix_stock_id on stock (id)"
    assert check_migrations(repository(tmp_path / "good", good, ALONE)) == []
    bad = "create index concurrently ix_stock_id on stock (id)"
    assert len(check_migrations(repository(tmp_path / "bad", bad, ALONE))) == 1


def test_a_column_that_older_processes_still_read_is_not_dropped(tmp_path: Path) -> None:
    root = repository(tmp_path, "alter table stock drop column id")
    (found,) = check_migrations(root)
    assert found.endswith("v0002_more.py")
