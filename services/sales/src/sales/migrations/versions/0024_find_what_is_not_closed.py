"""Find the orders that have left and are not closed."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the index beside the traffic."""
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_sales_order_unclosed",
            "sales_order",
            ["site_id"],
            postgresql_where=sa.text("status = 'shipped' and closed_at is null"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Drop it."""
    with op.get_context().autocommit_block():
        op.drop_index("ix_sales_order_unclosed", "sales_order", postgresql_concurrently=True)
