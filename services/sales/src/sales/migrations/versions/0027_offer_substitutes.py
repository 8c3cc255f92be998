"""Offer substitutes: what stands in for what, and what a line of an order stands in for."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "substitute",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("substitute_id", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("numerator", sa.BigInteger, nullable=False),
        sa.Column("denominator", sa.BigInteger, nullable=False),
        sa.Column("both_ways", sa.Boolean, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.PrimaryKeyConstraint("item_id", "substitute_id", name="pk_substitute"),
    )
    op.create_index("ix_substitute_substitute_id", "substitute", ["substitute_id"])
    grant("sales", "substitute", "select, insert, update")
    op.create_table(
        "sales_order_line_substitution",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("substitute_for", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "order_id", "line_no", name="pk_sales_order_line_substitution"
        ),
    )
    grant("sales", "sales_order_line_substitution", "select, insert")


def downgrade() -> None:
    """Forget it."""
    op.drop_table("sales_order_line_substitution")
    op.drop_table("substitute")
