"""Close pages: what each place has at the end of every so many entries of its stream."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ROLE = "inventory"


def upgrade() -> None:
    """Create the closings; `python -m inventory close` writes those of a ledger that is there."""
    op.create_table(
        "stock_page",
        sa.Column("site_id", sa.Text, primary_key=True),
        sa.Column("item_id", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("opens_after", sa.BigInteger, nullable=False),
        sa.Column("earliest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "stock_closing",
        sa.Column("site_id", sa.Text, primary_key=True),
        sa.Column("item_id", sa.Text, primary_key=True),
        sa.Column("warehouse_id", sa.Text, primary_key=True),
        sa.Column("batch_id", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("on_hand", sa.Numeric(24, 6), nullable=False),
        sa.Column("in_inspection", sa.Numeric(24, 6), nullable=False),
        sa.Column("frozen", sa.Numeric(24, 6), nullable=False),
        sa.Column("moved_by", sa.BigInteger, nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
    )
    grant(ROLE, "stock_page", "select, insert, delete")
    grant(ROLE, "stock_closing", "select, insert, delete")


def downgrade() -> None:
    """Forget the closings, of which the ledger knows everything."""
    op.drop_table("stock_closing")
    op.drop_table("stock_page")
