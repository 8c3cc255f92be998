"""Take sourcing requests on credit as a whole."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of each whether it is; those of before are not, though orders of theirs may be."""
    op.add_column(
        "sourcing_request",
        sa.Column("on_credit", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.execute("grant update (on_credit) on sourcing_request to sales")


def downgrade() -> None:
    """Forget it."""
    op.drop_column("sourcing_request", "on_credit")
