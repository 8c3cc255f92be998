"""Keep of which parked receipts was told, so that each is told of once."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table: as many rows as receipts were ever parked."""
    op.create_table(
        "held_receipt",
        sa.Column("parked_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("parked_id", name="pk_held_receipt"),
    )
    grant("inventory", "held_receipt", "select, insert, update")


def downgrade() -> None:
    """Forget it: receipts that are parked still are told of again."""
    op.drop_table("held_receipt")
