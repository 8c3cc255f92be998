"""Run rebuilds without a lock: whoever runs one says so in its row, and shows signs of life."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add when the runner last gave a sign of life, and what a rebuild failed of."""
    op.add_column("rebuild", sa.Column("alive_at", sa.DateTime(timezone=True)))
    op.add_column("rebuild", sa.Column("failure", sa.Text))


def downgrade() -> None:
    """Drop both."""
    op.drop_column("rebuild", "failure")
    op.drop_column("rebuild", "alive_at")
