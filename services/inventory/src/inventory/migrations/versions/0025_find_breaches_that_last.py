"""Find breaches that last without reading those that are over; give up an index nobody reads."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

LASTING = {
    "index_name": "ix_cold_chain_breach_lasting",
    "table_name": "cold_chain_breach",
    "columns": ["site_id", "warehouse_id"],
    "postgresql_where": sa.text("restored_at is null"),
}
# Whose order a shipment was of stands in a table of its own now.
SHIPMENT = {
    "index_name": "ix_reservation_shipment_id",
    "table_name": "reservation",
    "columns": ["shipment_id"],
    "postgresql_where": sa.text("shipment_id is not null"),
}


def upgrade() -> None:
    """Build the one and drop the other beside the traffic."""
    _replace(SHIPMENT, LASTING)


def downgrade() -> None:
    """Go back to the index that the revision before reads."""
    _replace(LASTING, SHIPMENT)


def _replace(old: dict[str, object], new: dict[str, object]) -> None:
    with op.get_context().autocommit_block():
        op.create_index(**new, postgresql_concurrently=True, if_not_exists=True)
        op.drop_index(
            old["index_name"], old["table_name"], postgresql_concurrently=True, if_exists=True
        )
