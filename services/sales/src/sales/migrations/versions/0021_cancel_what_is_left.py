"""Cancel what is left of orders that left in part, and keep what is paid back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from servicekit.migrations import grant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "sales_order_rest",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_by", sa.Text, nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.Column("shipment_id", sa.Uuid, nullable=False),
        sa.Column("shipped", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "order_id", name="pk_sales_order_rest"),
        sa.CheckConstraint("amount >= 0", name="ck_sales_order_rest_amount_is_not_negative"),
    )
    grant("sales", "sales_order_rest", "select, insert")


def downgrade() -> None:
    """Forget it."""
    op.drop_table("sales_order_rest")
