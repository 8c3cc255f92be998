"""Know who ended a breach whose device says nothing any more, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

COLUMNS = ("ended_by", "end_reason")


def upgrade() -> None:
    """Make room; all that ended before were ended by their devices."""
    for name in COLUMNS:
        op.add_column("cold_chain_breach", sa.Column(name, sa.Text))


def downgrade() -> None:
    """Forget it."""
    for name in COLUMNS:
        op.drop_column("cold_chain_breach", name)
