"""Keep the device that reversals of returns are posted with."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLES = ("return_reversal",)


def upgrade() -> None:
    """Make room; of those that are posted already nobody kept it."""
    for table in TABLES:
        op.add_column(table, sa.Column("device_id", sa.Text))
        op.execute(f"grant update (device_id) on {table} to sales")


def downgrade() -> None:
    """Forget it."""
    for table in reversed(TABLES):
        op.drop_column(table, "device_id")
