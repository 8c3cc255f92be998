"""Let the time to keep run from the scan, whether or not a receipt comes of it."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ROLE = "purchasing"
ABANDONED = {
    "abandoned_at": sa.DateTime(timezone=True),
    "abandoned_by": sa.Text,
    "abandoned_reason": sa.Text,
}
WARNED = "severity, level, roles, cleared_at"
DOCUMENT = "document_kind, document_id, document_number"


def upgrade() -> None:
    """Make room; what was scanned before waits for nobody."""
    op.add_column(
        "clock", sa.Column("document_kind", sa.Text, nullable=False, server_default="receipt")
    )
    op.add_column("clock", sa.Column("scanned", sa.Text))
    for name, kind in ABANDONED.items():
        op.add_column("receipt_opening", sa.Column(name, kind))
    grant(ROLE, "receipt_opening", f"select, insert, update ({', '.join(ABANDONED)})")
    grant(ROLE, "warning", f"select, insert, update ({WARNED}, {DOCUMENT})")
    with op.get_context().autocommit_block():
        op.create_index(
            "uq_clock_scanned",
            "clock",
            ["scanned", "site_id", "clerk"],
            unique=True,
            postgresql_where=sa.text("scanned is not null"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Forget it, with the clocks of scans that nothing came of yet."""
    op.execute("delete from clock where scanned is not null")
    grant(ROLE, "warning", f"select, insert, update ({WARNED})")
    grant(ROLE, "receipt_opening", "select, insert")
    for name in ABANDONED:
        op.drop_column("receipt_opening", name)
    op.drop_index("uq_clock_scanned", table_name="clock")
    op.drop_column("clock", "scanned")
    op.drop_column("clock", "document_kind")
