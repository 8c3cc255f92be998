"""Keep what was turned away at the door, and why."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

REFUSAL = "receipt_refusal"
REASONS = "'damaged', 'wrong_goods', 'short_dated', 'surplus', 'other'"


def upgrade() -> None:
    """Create the table; what was refused stays as it was written."""
    op.create_table(
        REFUSAL,
        sa.Column("receipt_id", sa.Uuid, nullable=False),
        sa.Column("refusal_no", sa.Integer, nullable=False),
        sa.Column("order_line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quantity", sa.Numeric(18, 6), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("receipt_id", "refusal_no", name=f"pk_{REFUSAL}"),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.receipt_id"], name=f"fk_{REFUSAL}_receipt_id"
        ),
        sa.CheckConstraint("quantity > 0", name=f"ck_{REFUSAL}_quantity_is_positive"),
        sa.CheckConstraint(f"reason in ({REASONS})", name=f"ck_{REFUSAL}_reason_is_known"),
    )
    grant("purchasing", REFUSAL, "select, insert")


def downgrade() -> None:
    """Forget it."""
    op.drop_table(REFUSAL)
