"""Know what units were before they came in, so that taking an entry back leaves them as that."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of units that are there already nothing is known."""
    op.add_column(
        "serial_unit",
        sa.Column("was", sa.ARRAY(sa.Text), nullable=False, server_default="{}"),
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("serial_unit", "was")
