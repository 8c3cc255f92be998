"""Follow goods on their way: what is in transit, and what all kinds of movements say."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROLE = "costing"
QUANTITY = sa.Numeric(18, 6)
MONEY = sa.Numeric(20, 2)
UNDER_WAY = (
    "quantity != arrived_quantity + returned_quantity or value != arrived_value + returned_value"
)
NEW_COLUMNS = ("reason", "batch_id", "reverses", "variance")
DISPATCH = ("dispatch_site_id", "dispatch_sequence")


def upgrade() -> None:
    """Add what entries and values know more of, and the table of what is in transit."""
    op.add_column(
        "valuation", sa.Column("last_cost", QUANTITY, nullable=False, server_default=sa.text("0"))
    )
    describe_entries()
    create_transits()


def describe_entries() -> None:
    """Add what tells entries of the new kinds apart."""
    for column in (
        sa.Column("reason", sa.Text),
        sa.Column("batch_id", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("reverses", sa.BigInteger),
        sa.Column("variance", MONEY, nullable=False, server_default=sa.text("0")),
        sa.Column("dispatch_site_id", sa.Text),
        sa.Column("dispatch_sequence", sa.BigInteger),
    ):
        op.add_column("value_entry", column)


def create_transits() -> None:
    """Create the goods in transit, by the entry that sent them."""
    op.create_table(
        "transit",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("to_site_id", sa.Text, nullable=False),
        sa.Column("to_warehouse_id", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("value", MONEY, nullable=False),
        sa.Column("arrived_quantity", QUANTITY, nullable=False),
        sa.Column("arrived_value", MONEY, nullable=False),
        sa.Column("returned_quantity", QUANTITY, nullable=False),
        sa.Column("returned_value", MONEY, nullable=False),
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("document_number", sa.Text, nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "item_id", "sequence", name="pk_transit"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index(
        "ix_transit_under_way",
        "transit",
        ["site_id", "item_id", "sequence"],
        postgresql_where=sa.text(UNDER_WAY),
    )
    grant(ROLE, "transit", "select, insert, update")


def downgrade() -> None:
    """Drop it all."""
    op.drop_table("transit")
    for column in (*NEW_COLUMNS, *DISPATCH):
        op.drop_column("value_entry", column)
    op.drop_column("valuation", "last_cost")
