"""Say which batch and which units are sold, where goods are told apart."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was sold so far was not told apart."""
    none, empty = sa.text("''"), sa.text("'{}'")
    for table in ("sales_order_line", "shipment_line"):
        batch = sa.Column("batch_id", sa.Text, nullable=False, server_default=none)
        op.add_column(table, batch)
    serials = sa.Column("serials", sa.ARRAY(sa.Text), nullable=False, server_default=empty)
    op.add_column("sales_order_line", serials)


def downgrade() -> None:
    """Forget what they say."""
    op.drop_column("sales_order_line", "serials")
    op.drop_column("shipment_line", "batch_id")
    op.drop_column("sales_order_line", "batch_id")
