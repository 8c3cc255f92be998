"""Tell on the lines of receipts where inventory booked them, and by which rule."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of receipts that were booked before, inventory's ledger tells."""
    for name in ("arrived_in", "arrival_rule"):
        op.add_column("receipt_line", sa.Column(name, sa.Text))
    grant("purchasing", "receipt_line", "select, insert, update (arrived_in, arrival_rule)")


def downgrade() -> None:
    """Forget them."""
    for name in ("arrival_rule", "arrived_in"):
        op.drop_column("receipt_line", name)
