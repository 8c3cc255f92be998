"""Keep whose order every shipment was of, and by which entry goods had left that came back."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# Of shipments that left a rest behind nobody kept it.
KNOWN = """
    insert into order_shipment (shipment_id, site_id, order_id, reservation_id)
    select shipment_id, site_id, order_id, reservation_id from reservation
    where shipment_id is not null
    on conflict do nothing
"""

# Which entry of the ledger says that goods came back, or which one it takes back.
COUNTED = ("entry", "undoes")


def upgrade() -> None:
    """Create the tables; what reservations know of their last shipments is taken over."""
    op.create_table(
        "order_shipment",
        sa.Column("shipment_id", sa.Uuid, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("reservation_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("shipment_id", name="pk_order_shipment"),
    )
    op.execute(KNOWN)
    op.create_table(
        "entry_of_return",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("left_by", sa.BigInteger, nullable=False),
        sa.Column("undoes", sa.BigInteger),
        sa.PrimaryKeyConstraint("site_id", "item_id", "sequence", name="pk_entry_of_return"),
    )
    op.create_index(
        "ix_entry_of_return_left_by", "entry_of_return", ["site_id", "item_id", "left_by"]
    )
    for table in ("order_shipment", "entry_of_return"):
        grant("inventory", table, "select, insert")
    for name in COUNTED:
        op.add_column("recall_return", sa.Column(name, sa.BigInteger))


def downgrade() -> None:
    """Forget it."""
    for name in reversed(COUNTED):
        op.drop_column("recall_return", name)
    op.drop_table("entry_of_return")
    op.drop_table("order_shipment")
