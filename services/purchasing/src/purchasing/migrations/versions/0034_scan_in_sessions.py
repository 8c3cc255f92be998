"""Bind what is scanned in to the scan session of a warehouse."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ROLE = "purchasing"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make room; what was scanned before stays without a session."""
    op.create_table(
        "scan_session",
        sa.Column("session_id", sa.Uuid, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("site_id", "warehouse_id", "user_id", "device_id")
        ),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("session_id", name="pk_scan_session"),
    )
    grant(ROLE, "scan_session", "select, insert, update")
    op.add_column("receipt_opening", sa.Column("session_id", sa.Uuid))
    op.add_column("receipt_opening", sa.Column("warehouse_id", sa.Text))
    op.add_column("receipt", sa.Column("session_id", sa.Uuid))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("receipt", "session_id")
    for name in ("warehouse_id", "session_id"):
        op.drop_column("receipt_opening", name)
    op.drop_table("scan_session")
