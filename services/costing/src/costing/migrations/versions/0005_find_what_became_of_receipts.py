"""Find what became of a receipt's entry without reading its whole stream."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = "ix_value_entry_origin"


def upgrade() -> None:
    """Build the index beside the traffic."""
    with op.get_context().autocommit_block():
        op.create_index(
            NAME,
            "value_entry",
            ["site_id", "item_id", "origin"],
            postgresql_where=sa.text("origin is not null"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Drop it."""
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "value_entry", postgresql_concurrently=True)
