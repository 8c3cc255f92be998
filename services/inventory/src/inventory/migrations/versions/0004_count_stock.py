"""Count stock: sheets, lines and their counts."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROLE = "inventory"
MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)
TOTAL = sa.Numeric(24, 6)
PLACE = ["site_id", "item_id", "warehouse_id", "batch_id"]


def upgrade() -> None:
    """Create the tables and say what the service may do with each."""
    create_sheets()
    create_lines()
    create_counts()


def create_sheets() -> None:
    """Create what is to be counted, and how far that is."""
    op.create_table(
        "count_sheet",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("sheet_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text),
        sa.Column("category", sa.Text),
        sa.Column("abc_class", sa.Text),
        sa.Column("blind", sa.Boolean, nullable=False),
        sa.Column("tolerance_quantity", QUANTITY, nullable=False),
        sa.Column("tolerance_percent", sa.Numeric(9, 6), nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("audited_at", MOMENT),
        sa.Column("audited_by", sa.Text),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.Text),
        sa.Column("cancelled_at", MOMENT),
        sa.Column("cancelled_by", sa.Text),
        sa.PrimaryKeyConstraint("site_id", "sheet_id", name="pk_count_sheet"),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at is not null)", name="ck_count_sheet_closed"
        ),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_at is not null)", name="ck_count_sheet_cancelled"
        ),
    )
    op.create_index("uq_count_sheet_sheet_id", "count_sheet", ["sheet_id"], unique=True)
    op.create_index("uq_count_sheet_number", "count_sheet", ["number"], unique=True)
    grant(ROLE, "count_sheet", "select, insert, update")


def create_lines() -> None:
    """Create the places of a sheet, and what was found at each."""
    op.create_table(
        "count_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("sheet_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("by_serial", sa.Boolean, nullable=False),
        sa.Column("added", sa.Boolean, nullable=False),
        sa.Column("opening_quantity", TOTAL, nullable=False),
        sa.Column("opening_sequence", sa.BigInteger, nullable=False),
        sa.Column("opening_serials", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("rounds", sa.ARRAY(MOMENT), nullable=False),
        sa.Column("left_alone", sa.Boolean, nullable=False),
        sa.Column("counted_at", MOMENT),
        sa.Column("counted", TOTAL),
        sa.Column("expected", TOTAL),
        sa.Column("gain", TOTAL),
        sa.Column("loss", TOTAL),
        sa.Column("found", sa.ARRAY(sa.Text)),
        sa.Column("missing", sa.ARRAY(sa.Text)),
        sa.Column("gain_document_id", sa.Uuid),
        sa.Column("gain_line_no", sa.Integer),
        sa.Column("loss_document_id", sa.Uuid),
        sa.Column("loss_line_no", sa.Integer),
        sa.Column("settled_at", MOMENT),
        sa.Column("in_force", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "sheet_id", "line_no", name="pk_count_line"),
    )
    op.create_index(
        "uq_count_line_open_place",
        "count_line",
        PLACE,
        unique=True,
        postgresql_where=sa.text("in_force"),
    )
    op.create_index(
        "ix_count_line_settled",
        "count_line",
        [*PLACE, "counted_at"],
        postgresql_where=sa.text("settled_at is not null"),
    )
    grant(ROLE, "count_line", "select, insert, update")


def create_counts() -> None:
    """Create the counts, which stay as they were told."""
    op.create_table(
        "stock_count",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("sheet_id", sa.Uuid, nullable=False),
        sa.Column("count_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("round_no", sa.Integer, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("unit_quantity", QUANTITY, nullable=False),
        sa.Column("unit_version", sa.Integer, nullable=False),
        sa.Column("serials", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("spot", sa.Text, nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("counted_by", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("scale_id", sa.Text),
        sa.Column("gross", QUANTITY),
        sa.Column("tare", QUANTITY),
        sa.Column("net", QUANTITY),
        sa.Column("weight_unit", sa.Text),
        sa.Column("weighed_at", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "sheet_id", "count_id", name="pk_stock_count"),
        sa.CheckConstraint("quantity >= 0", name="ck_stock_count_quantity"),
    )
    op.create_index("ix_stock_count_line", "stock_count", ["site_id", "sheet_id", "line_no"])
    grant(ROLE, "stock_count", "select, insert")


def downgrade() -> None:
    """Remove it."""
    for table in ("stock_count", "count_line", "count_sheet"):
        op.drop_table(table)
