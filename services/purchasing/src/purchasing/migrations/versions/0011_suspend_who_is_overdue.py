"""Note order lines that are overdue: they suspend their supplier."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and the index that finds what is due."""
    op.create_table(
        "overdue_line",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("warning_id", sa.Uuid, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "line_no", name="pk_overdue_line"),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.supplier_id"], name="fk_overdue_line_supplier_id"
        ),
    )
    op.create_index("ix_overdue_line_supplier_id", "overdue_line", ["supplier_id"])
    grant("purchasing", "overdue_line", "select, insert, delete")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_purchase_order_due",
            "purchase_order",
            ["due_date"],
            postgresql_where=sa.text("status = 'placed'"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Forget them."""
    with op.get_context().autocommit_block():
        op.drop_index("ix_purchase_order_due", "purchase_order", postgresql_concurrently=True)
    op.drop_table("overdue_line")
