"""Notice sensors that fall silent: when each was heard last, and how long that may be ago."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the last reading that was judged for the last sign of life."""
    op.add_column(
        "condition_limit",
        sa.Column("silent_after_minutes", sa.Integer, nullable=False, server_default="60"),
    )
    op.add_column("condition_watch", sa.Column("heard_at", sa.DateTime(timezone=True)))
    op.add_column("condition_watch", sa.Column("silent_since", sa.DateTime(timezone=True)))
    op.execute("update condition_watch set heard_at = last_at where last_at is not null")


def downgrade() -> None:
    """Forget who was silent."""
    op.drop_column("condition_watch", "silent_since")
    op.drop_column("condition_watch", "heard_at")
    op.drop_column("condition_limit", "silent_after_minutes")
