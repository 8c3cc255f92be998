"""Keep the device that returns to suppliers, and their reversals, are posted with."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLES = ("purchase_return", "purchase_return_reversal")


def upgrade() -> None:
    """Make room; of those that are posted already nobody kept it."""
    for table in TABLES:
        op.add_column(table, sa.Column("device_id", sa.Text))
        op.execute(f"grant update (device_id) on {table} to purchasing")


def downgrade() -> None:
    """Forget it."""
    for table in reversed(TABLES):
        op.drop_column(table, "device_id")
