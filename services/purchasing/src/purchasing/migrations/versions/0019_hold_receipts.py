"""Say on receipts why inventory can't book them, while it can't."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

STEPS = "audited_at, audited_by, posted_at, posted_by, booked_at, cancelled_at, cancelled_by"
BEFORE = f"select, insert, update (status, version, {STEPS})"


def upgrade() -> None:
    """Add the columns, and let the service write them."""
    op.add_column("receipt", sa.Column("held_since", sa.DateTime(timezone=True)))
    op.add_column("receipt", sa.Column("held_cause", sa.Text))
    grant("purchasing", "receipt", BEFORE[:-1] + ", held_since, held_cause)")


def downgrade() -> None:
    """Forget them."""
    for name in ("held_cause", "held_since"):
        op.drop_column("receipt", name)
    grant("purchasing", "receipt", BEFORE)
