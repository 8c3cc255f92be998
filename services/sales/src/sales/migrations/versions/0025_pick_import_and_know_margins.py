"""Pick goods before they leave, take orders in files, and know what shipped lines cost."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(14, 2)
QUANTITY = sa.Numeric(18, 6)


def upgrade() -> None:
    """Make room; of what was shipped before, costing can tell the cost again."""
    _create_picks()
    op.create_table(
        "order_import",
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("imported_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "reference", name="pk_order_import"),
    )
    changing = "site_id, order_id, content, imported_at, imported_by"
    grant("sales", "order_import", f"select, insert, update ({changing})")
    _create_costs()
    _create_corrections()


def _create_picks() -> None:
    op.create_table(
        "pick",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("pick_id", sa.Uuid, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("picked_at", MOMENT, nullable=False),
        sa.Column("picked_by", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("shipment_id", sa.Uuid),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.Text),
        sa.PrimaryKeyConstraint("site_id", "pick_id", name="pk_pick"),
        sa.CheckConstraint(
            "status in ('open', 'shipped', 'cancelled')", name="ck_pick_status_is_known"
        ),
        sa.CheckConstraint(
            "(shipment_id is not null) = (status = 'shipped')", name="ck_pick_ships_once"
        ),
        sa.CheckConstraint("(ended_at is null) = (status = 'open')", name="ck_pick_ends_once"),
    )
    for name in ("pick_id", "order_id"):
        op.create_index(f"ix_pick_{name}", "pick", [name])
    op.create_index(
        "ix_pick_open", "pick", ["site_id"], postgresql_where=sa.text("status = 'open'")
    )
    grant("sales", "pick", "select, insert, update (status, shipment_id, ended_at, ended_by)")
    op.create_table(
        "pick_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("pick_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("serials", sa.ARRAY(sa.Text), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "pick_id", "line_no", name="pk_pick_line"),
        sa.CheckConstraint("quantity > 0", name="ck_pick_line_quantity_is_positive"),
    )
    grant("sales", "pick_line", "select, insert")


def _create_costs() -> None:
    op.create_table(
        "cost_of_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("shipment_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("cost", MONEY, nullable=False),
        sa.Column("costed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "shipment_id", "line_no", name="pk_cost_of_line"),
    )
    op.create_index("ix_cost_of_line_stream", "cost_of_line", ["site_id", "item_id", "sequence"])
    op.create_table(
        "cost_of_return",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("return_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("shipment_id", sa.Uuid, nullable=False),
        sa.Column("shipment_line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("cost", MONEY, nullable=False),
        sa.Column("costed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "return_id", "line_no", name="pk_cost_of_return"),
    )
    op.create_index(
        "ix_cost_of_return_shipment",
        "cost_of_return",
        ["site_id", "shipment_id", "shipment_line_no"],
    )
    for table in ("cost_of_line", "cost_of_return"):
        grant("sales", table, "select, insert")


def _create_corrections() -> None:
    stream = ("site_id", "item_id", "sequence")
    op.create_table(
        "cost_correction",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("receipt_sequence", sa.BigInteger, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("document_number", sa.Text, nullable=False),
        sa.Column("effective_at", MOMENT, nullable=False),
        sa.Column("costed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint(*stream, name="pk_cost_correction"),
    )
    grant("sales", "cost_correction", "select, insert")
    op.create_table(
        "correction_share",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("shipment_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.PrimaryKeyConstraint(*stream, "shipment_id", "line_no", name="pk_correction_share"),
    )
    op.create_index(
        "ix_correction_share_line", "correction_share", ["site_id", "shipment_id", "line_no"]
    )
    # Shared out anew when a fact comes late.
    grant("sales", "correction_share", "select, insert, delete")


def downgrade() -> None:
    """Forget them."""
    for table in (
        "correction_share",
        "cost_correction",
        "cost_of_return",
        "cost_of_line",
        "order_import",
        "pick_line",
        "pick",
    ):
        op.drop_table(table)
