"""Know by which channel orders come in, and how long goods are held for those of each."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; orders of before are taken for those of shops."""
    op.create_table(
        "channel_time_to_live",
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_channel_time_to_live"),
        sa.CheckConstraint("seconds > 0", name="ck_channel_time_to_live_seconds_are_positive"),
    )
    grant("sales", "channel_time_to_live", "select, insert, update (seconds, set_at, set_by)")
    op.add_column(
        "sales_order",
        sa.Column("channel", sa.Text, nullable=False, server_default=sa.text("'shop'")),
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("sales_order", "channel")
    op.drop_table("channel_time_to_live")
