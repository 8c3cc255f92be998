"""Say of units that are called back by their numbers which recall it is."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STANDING = """
    insert into called_back_units (recall, item_id, first_serial, last_serial, reason)
    select number, item_id, first_serial, last_serial, reason from recall
    where first_serial is not null and outcome is distinct from 'withdrawn'
"""


def upgrade() -> None:
    """Create the table, with what was called back before."""
    op.create_table(
        "called_back_units",
        sa.Column("recall", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("first_serial", sa.Text, nullable=False),
        sa.Column("last_serial", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("recall", name="pk_called_back_units"),
    )
    op.create_index("ix_called_back_units_item_id", "called_back_units", ["item_id"])
    op.execute(STANDING)
    grant("inventory", "called_back_units", "select, insert, delete")


def downgrade() -> None:
    """Forget it: recalls themselves stay."""
    op.drop_table("called_back_units")
