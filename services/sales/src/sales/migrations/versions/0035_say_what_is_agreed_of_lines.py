"""Say of lines who chooses their batches and which are gifts, and of changes the day promised."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLES = ("sales_order_line", "sales_order_change_line")


def upgrade() -> None:
    """Add the columns; so far each order named its batches, and gave nothing away."""
    for table in TABLES:
        choice = sa.Column("batch_choice", sa.Text, nullable=False, server_default="named")
        op.add_column(table, choice)
        gift = sa.Column("gift", sa.Boolean, nullable=False, server_default=sa.false())
        op.add_column(table, gift)
    promised = sa.Column("promised_at", sa.DateTime(timezone=True))
    op.add_column("sales_order_change", promised)


def downgrade() -> None:
    """Forget it."""
    op.drop_column("sales_order_change", "promised_at")
    for table in TABLES:
        op.drop_column(table, "gift")
        op.drop_column(table, "batch_choice")
