"""Check the rules of receipts against those that were there, in a transaction of its own."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Validate the rules; readers and writers go on meanwhile."""
    op.execute("alter table receipt validate constraint fk_receipt_opening_id")
    op.execute("alter table receipt_line validate constraint ck_receipt_line_counted_is_positive")


def downgrade() -> None:
    """Nothing: a rule that was checked is the same rule."""
