"""Ship no expired batches: until when those that are held may be used, and sold."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

DATES = ("expires_on", "sellable_until")


def upgrade() -> None:
    """Make room; of what was held for good before, nothing is known."""
    for name in DATES:
        op.add_column("sales_order_held_line", sa.Column(name, sa.Date))
    op.execute(f"grant update ({', '.join(DATES)}) on sales_order_held_line to sales")


def downgrade() -> None:
    """Forget the dates."""
    for name in reversed(DATES):
        op.drop_column("sales_order_held_line", name)
