"""Find the shipments of an order, which may leave in parts."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the index beside the traffic."""
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_shipment_order_id",
            "shipment",
            ["order_id"],
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Drop it."""
    with op.get_context().autocommit_block():
        op.drop_index("ix_shipment_order_id", "shipment", postgresql_concurrently=True)
