"""Find the orders that have left and are not closed, and hold customers to their rules."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

RULES = ("kind_is_known", "own_shops_are_sites", "terms_are_not_negative")


def upgrade() -> None:
    """Build the index, and look at the customers there are, beside the traffic."""
    for name in RULES:
        op.execute(f"alter table customer validate constraint ck_customer_{name}")
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
