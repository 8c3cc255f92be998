"""Follow purchasing's receipts that are not posted: what was counted is on no books yet."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0019"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the copy: as many rows as lines are open; of drafts there are nobody has told."""
    op.create_table(
        "unposted_receipt_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("receipt_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("quantity", sa.Numeric(18, 6), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audited", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "receipt_id", "line_no", name="pk_unposted_receipt_line"
        ),
    )
    op.create_index(
        "ix_unposted_receipt_line_site_id_item_id", "unposted_receipt_line", ["site_id", "item_id"]
    )
    grant("inventory", "unposted_receipt_line", "select, insert, update, delete")


def downgrade() -> None:
    """Forget it."""
    op.drop_table("unposted_receipt_line")
