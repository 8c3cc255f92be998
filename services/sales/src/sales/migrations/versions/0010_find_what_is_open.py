"""Find documents that nobody has finished without reading those that are."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPEN = {
    "sales_order": "status in ('placed', 'reserved', 'paying', 'paid', 'cancelling')",
    "customer_return": "status in ('draft', 'audited', 'posting')",
}


def upgrade() -> None:
    """Build the indexes beside the traffic."""
    with op.get_context().autocommit_block():
        for table, condition in OPEN.items():
            op.create_index(
                f"ix_{table}_open",
                table,
                ["site_id"],
                postgresql_where=sa.text(condition),
                postgresql_concurrently=True,
                if_not_exists=True,
            )


def downgrade() -> None:
    """Drop them."""
    with op.get_context().autocommit_block():
        for table in OPEN:
            op.drop_index(f"ix_{table}_open", table, postgresql_concurrently=True)
