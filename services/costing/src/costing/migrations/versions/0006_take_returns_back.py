"""Let what came back of a shipment be added up, so that it can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAME = "ix_value_entry_returned"


def upgrade() -> None:
    """Build an index of the returns that name their shipment's entry as what they undo alone."""
    with op.get_context().autocommit_block():
        op.create_index(
            NAME,
            "value_entry",
            ["site_id", "item_id", "reverses"],
            postgresql_where=sa.text("kind = 'return' and origin is null"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Drop it."""
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "value_entry", postgresql_concurrently=True)
