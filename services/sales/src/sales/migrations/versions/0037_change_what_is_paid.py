"""Change what is paid: what was in hand instead of what was held, and what that is worth."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MONEY, QUANTITY = sa.Numeric(14, 2), sa.Numeric(18, 6)
SUMS = ("paid_besides", "paid_back")


def upgrade() -> None:
    """Make room; nothing that is paid was changed before."""
    op.add_column(
        "sales_order_change",
        sa.Column("swap", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    for name in SUMS:
        op.add_column("sales_order_change", sa.Column(name, MONEY))
    op.create_table(
        "sales_order_swap_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("change_no", sa.Integer, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("order_line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("serials", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("unit_version", sa.Integer),
        sa.Column("gift", sa.Boolean, nullable=False),
        sa.Column("in_hand", QUANTITY),
        sa.Column("serials_in_hand", sa.ARRAY(sa.Text), nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "order_id", "change_no", "line_no", name="pk_sales_order_swap_line"
        ),
        sa.CheckConstraint("quantity > 0", name="ck_sales_order_swap_line_quantity_is_positive"),
        sa.CheckConstraint(
            "in_hand > 0 and in_hand <= quantity",
            name="ck_sales_order_swap_line_holds_what_is_in_hand",
        ),
    )
    grant("sales", "sales_order_swap_line", "select, insert")
    op.execute("grant update (amount) on receivable to sales")


def downgrade() -> None:
    """Forget it; orders that are being changed have to be settled before."""
    op.execute("revoke update (amount) on receivable from sales")
    op.drop_table("sales_order_swap_line")
    for name in (*reversed(SUMS), "swap"):
        op.drop_column("sales_order_change", name)
