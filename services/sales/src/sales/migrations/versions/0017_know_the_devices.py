"""Know the devices, and with which of them goods left and came back."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0017"
down_revision = "0012"
branch_labels = None
depends_on = None

DOCUMENTS = ("shipment", "customer_return")


def upgrade() -> None:
    """Make room; of documents there are nobody knows the device."""
    op.create_table(
        "device",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("revoked", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "device_id", name="pk_device"),
    )
    grant("sales", "device", "select, insert, update")
    for table in DOCUMENTS:
        op.add_column(table, sa.Column("device_id", sa.Text))


def downgrade() -> None:
    """Forget them."""
    for table in DOCUMENTS:
        op.drop_column(table, "device_id")
    op.drop_table("device")
