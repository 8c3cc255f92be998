"""Find who holds a batch without reading who holds the item's other ones."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PLACE = ["site_id", "item_id", "warehouse_id"]
HOLDING = sa.text("outstanding > 0")


def upgrade() -> None:
    """Build the new index beside the traffic, and only then drop the one that it replaces."""
    _replace("ix_reservation_line_holding", "ix_reservation_line_held", [*PLACE, "batch_id"])


def downgrade() -> None:
    """Go back to the index that does not know the batch."""
    _replace("ix_reservation_line_held", "ix_reservation_line_holding", PLACE)


def _replace(old: str, new: str, columns: list[str]) -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            new,
            "reservation_line",
            columns,
            postgresql_where=HOLDING,
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.drop_index(old, "reservation_line", postgresql_concurrently=True, if_exists=True)
