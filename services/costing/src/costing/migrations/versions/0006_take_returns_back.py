"""Let what came back of a shipment be added up, so that it can be taken back."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the shipment's entry where receipts' entries are named: each return says it already."""
    op.execute("update value_entry set origin = reverses where kind = 'return' and origin is null")


def downgrade() -> None:
    """Leave it to `reverses` again."""
    op.execute("update value_entry set origin = null where kind = 'return'")
