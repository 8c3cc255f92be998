"""Say where sites are, which warehouses ship for others, and what stands in for an item."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0023"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; nobody ships for others until somebody says so."""
    for name in ("latitude", "longitude"):
        op.add_column("site", sa.Column(name, sa.Numeric(9, 6)))
    op.add_column(
        "warehouse",
        sa.Column("ships_for_others", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "substitute",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("substitute_id", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("numerator", sa.BigInteger, nullable=False),
        sa.Column("denominator", sa.BigInteger, nullable=False),
        sa.Column("both_ways", sa.Boolean, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("defined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("defined_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "substitute_id", name="pk_substitute"),
        sa.ForeignKeyConstraint(["item_id"], ["item.item_id"], name="fk_substitute_item_id_item"),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["item.item_id"], name="fk_substitute_substitute_id_item"
        ),
        sa.CheckConstraint("numerator > 0 and denominator > 0", name="ck_substitute_ratio"),
        sa.CheckConstraint("item_id <> substitute_id", name="ck_substitute_is_another_item"),
    )
    grant("inventory", "substitute", "select, insert, update")


def downgrade() -> None:
    """Forget it."""
    op.drop_table("substitute")
    op.drop_column("warehouse", "ships_for_others")
    for name in ("longitude", "latitude"):
        op.drop_column("site", name)
