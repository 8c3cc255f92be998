"""Correct what receipts cost: which one an entry is about, and what it adds to cost of sales."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what entries say about the receipts they go back to."""
    cost_of_sales = sa.Column(
        "cost_of_sales", sa.Numeric(20, 2), nullable=False, server_default=sa.text("0")
    )
    op.add_column("value_entry", sa.Column("origin", sa.BigInteger))
    op.add_column("value_entry", cost_of_sales)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("value_entry", "cost_of_sales")
    op.drop_column("value_entry", "origin")
