"""Take back what a till sold and nothing covers, once its money was kept."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

MONEY, QUANTITY = sa.Numeric(14, 2), sa.Numeric(18, 6)
HEAD, LINE = "counter_sale_take_back", "counter_sale_take_back_line"


def upgrade() -> None:
    """Make room; nothing of it came back before."""
    op.create_table(
        HEAD,
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("take_back_id", sa.Uuid, nullable=False),
        sa.Column("sale_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "take_back_id", name=f"pk_{HEAD}"),
        sa.CheckConstraint("amount >= 0", name=f"ck_{HEAD}_amount_is_not_negative"),
    )
    op.create_index(f"ix_{HEAD}_sale_id", HEAD, ["sale_id", "take_back_id"])
    op.create_index(f"ix_{HEAD}_taken_back_at", HEAD, ["site_id", "taken_back_at"])
    op.create_table(
        LINE,
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("sale_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("take_back_id", sa.Uuid, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "sale_id", "line_no", "take_back_id", name=f"pk_{LINE}"),
        sa.CheckConstraint("quantity > 0", name=f"ck_{LINE}_quantity_is_positive"),
        sa.CheckConstraint("amount >= 0", name=f"ck_{LINE}_amount_is_not_negative"),
    )
    for table in (HEAD, LINE):
        grant("sales", table, "select, insert")


def downgrade() -> None:
    """Forget it."""
    for table in (LINE, HEAD):
        op.drop_table(table)
