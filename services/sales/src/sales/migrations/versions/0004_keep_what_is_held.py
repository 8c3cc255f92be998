"""Keep what inventory holds for an order, and which units were shipped."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; orders of before hold just what they asked for."""
    op.create_table(
        "sales_order_held_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("order_line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("quantity", sa.Numeric(18, 6), nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("serials", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("unit_version", sa.Integer),
        sa.PrimaryKeyConstraint("site_id", "order_id", "line_no", name="pk_sales_order_held_line"),
        sa.CheckConstraint("quantity > 0", name="ck_sales_order_held_line_quantity_is_positive"),
    )
    grant("sales", "sales_order_held_line", "select, insert")
    empty = sa.text("'{}'")
    serials = sa.Column("serials", sa.ARRAY(sa.Text), nullable=False, server_default=empty)
    op.add_column("shipment_line", serials)


def downgrade() -> None:
    """Forget both."""
    op.drop_column("shipment_line", "serials")
    op.drop_table("sales_order_held_line")
