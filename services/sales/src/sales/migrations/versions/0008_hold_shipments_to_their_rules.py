"""Hold all shipments to the rules about who signed for them, in a transaction of its own."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Validate what was added without holding up reads."""
    for name in ("signed_as_a_whole", "is_at_one_place"):
        op.execute(f"alter table shipment validate constraint ck_shipment_{name}")


def downgrade() -> None:
    """Leave it: a rule that holds does no harm."""
