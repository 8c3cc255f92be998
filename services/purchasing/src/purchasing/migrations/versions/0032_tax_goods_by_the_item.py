"""Agree rates of tax by item: goods of one supplier may be under several."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "supplier_item_vat_rate",
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("percent", sa.Numeric(5, 2), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("supplier_id", "item_id", name="pk_supplier_item_vat_rate"),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.supplier_id"], name="fk_supplier_item_vat_rate_supplier_id"
        ),
    )
    grant(
        "purchasing", "supplier_item_vat_rate", "select, insert, update (percent, set_at, set_by)"
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("supplier_item_vat_rate")
