"""Sign for shipments, and know which goods are in transit to customers."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COLUMNS = {
    "signed_at": MOMENT,
    "signed_by": sa.Text(),
    "signed_via": sa.Text(),
    "proof": sa.Text(),
    "noted_at": MOMENT,
    "noted_by": sa.Text(),
    "came_back_at": MOMENT,
}
WHOLE = "(signed_at is null) = (signed_by is null or signed_via is null or noted_at is null)"
ONE_PLACE = "signed_at is null or came_back_at is null"
RULES = {"signed_as_a_whole": WHOLE, "is_at_one_place": ONE_PLACE}
# Within the migration's transaction: before the first release there are not so many shipments that
# anybody would wait, and an index made concurrently is left half done when it fails.
IN_TRANSIT = """
    -- squawk-ignore require-concurrent-index-creation
    create index ix_shipment_in_transit on shipment (site_id, shipment_id)
    where signed_at is null and came_back_at is null
"""


def upgrade() -> None:
    """Make room; nothing else of a shipment can be changed."""
    for name, kind in COLUMNS.items():
        op.add_column("shipment", sa.Column(name, kind))
    for name, rule in RULES.items():
        full = f"ck_shipment_{name}"
        op.create_check_constraint(full, "shipment", rule, postgresql_not_valid=True)
    op.execute(IN_TRANSIT)
    grant("sales", "shipment", f"select, insert, update ({', '.join(COLUMNS)})")


def downgrade() -> None:
    """Forget who signed."""
    op.drop_index("ix_shipment_in_transit", "shipment")
    for name in RULES:
        op.drop_constraint(f"ck_shipment_{name}", "shipment")
    for name in reversed(COLUMNS):
        op.drop_column("shipment", name)
