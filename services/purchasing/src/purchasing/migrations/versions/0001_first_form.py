"""The copies of reference data, suppliers, orders and receipts."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import create_plumbing, drop_plumbing, grant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLE = "purchasing"
TABLES = (
    "receipt_line",
    "receipt",
    "purchase_order_line",
    "purchase_order",
    "document_counter",
    "supplier",
    "warehouse",
    "site",
    "item",
)


def upgrade() -> None:
    create_plumbing(ROLE)
    _create_reference()
    _create_suppliers()
    _create_orders()
    _create_receipts()
    _grant()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    drop_plumbing()


def _create_reference() -> None:
    op.create_table(
        "item",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("base_unit", sa.Text, nullable=False),
        sa.Column("scale", sa.Integer, nullable=False),
        sa.Column("category", sa.Text),
        sa.PrimaryKeyConstraint("item_id", name="pk_item"),
    )
    op.create_table(
        "site",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("site_id", name="pk_site"),
    )
    op.create_table(
        "warehouse",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "warehouse_id", name="pk_warehouse"),
    )


def _create_suppliers() -> None:
    op.create_table(
        "supplier",
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("over_receipt_percent", sa.Numeric(5, 2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("supplier_id", name="pk_supplier"),
        sa.CheckConstraint(
            "over_receipt_percent between 0 and 100", name="ck_supplier_tolerance_is_a_share"
        ),
    )


def _create_orders() -> None:
    op.create_table(
        "document_counter",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "prefix", "day", name="pk_document_counter"),
    )
    op.create_table(
        "purchase_order",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("due_date", sa.Date, nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("order_id", name="pk_purchase_order"),
        sa.UniqueConstraint("number", name="uq_purchase_order_number"),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.supplier_id"], name="fk_purchase_order_supplier_id"
        ),
        sa.CheckConstraint(
            "status in ('placed', 'received')", name="ck_purchase_order_status_is_known"
        ),
    )
    op.create_index("ix_purchase_order_site_id_order_id", "purchase_order", ["site_id", "order_id"])
    op.create_index(
        "ix_purchase_order_supplier_id_order_id", "purchase_order", ["supplier_id", "order_id"]
    )
    op.create_table(
        "purchase_order_line",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quantity", sa.Numeric(18, 6), nullable=False),
        sa.Column("unit_cost", sa.Numeric(18, 6), nullable=False),
        sa.Column("received", sa.Numeric(18, 6), nullable=False),
        sa.Column("arriving", sa.Numeric(18, 6), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "line_no", name="pk_purchase_order_line"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.order_id"], name="fk_purchase_order_line_order_id"
        ),
        sa.CheckConstraint("quantity > 0", name="ck_purchase_order_line_quantity_is_positive"),
        sa.CheckConstraint("unit_cost >= 0", name="ck_purchase_order_line_cost_is_not_negative"),
        sa.CheckConstraint(
            "received >= 0 and arriving >= 0",
            name="ck_purchase_order_line_nothing_negative_arrives",
        ),
        # Received and arriving change with every receipt.
        postgresql_with={"fillfactor": 90},
    )


def _create_receipts() -> None:
    op.create_table(
        "receipt",
        sa.Column("receipt_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("delivery_note", sa.Text),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("audited_at", sa.DateTime(timezone=True)),
        sa.Column("audited_by", sa.Text),
        sa.Column("posted_at", sa.DateTime(timezone=True)),
        sa.Column("posted_by", sa.Text),
        sa.Column("booked_at", sa.DateTime(timezone=True)),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column("cancelled_by", sa.Text),
        sa.PrimaryKeyConstraint("receipt_id", name="pk_receipt"),
        sa.UniqueConstraint("number", name="uq_receipt_number"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.order_id"], name="fk_receipt_order_id"
        ),
        sa.CheckConstraint(
            "status in ('draft', 'audited', 'posting', 'posted', 'cancelled')",
            name="ck_receipt_status_is_known",
        ),
        postgresql_with={"fillfactor": 90},
    )
    op.create_index("ix_receipt_site_id_receipt_id", "receipt", ["site_id", "receipt_id"])
    op.create_index("ix_receipt_order_id", "receipt", ["order_id"])
    op.create_table(
        "receipt_line",
        sa.Column("receipt_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("order_line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quantity", sa.Numeric(18, 6), nullable=False),
        sa.Column("unit_cost", sa.Numeric(18, 6), nullable=False),
        sa.PrimaryKeyConstraint("receipt_id", "line_no", name="pk_receipt_line"),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.receipt_id"], name="fk_receipt_line_receipt_id"
        ),
        sa.CheckConstraint("quantity > 0", name="ck_receipt_line_quantity_is_positive"),
    )


def _grant() -> None:
    for table in ("item", "site", "warehouse", "supplier", "document_counter"):
        grant(ROLE, table, "select, insert, update")
    # What was agreed and what was counted can't be changed, whatever the service's code does:
    # only the columns that a document's steps move may be updated.
    grant(ROLE, "purchase_order", "select, insert, update (status)")
    grant(ROLE, "purchase_order_line", "select, insert, update (received, arriving)")
    steps = "audited_at, audited_by, posted_at, posted_by, booked_at, cancelled_at, cancelled_by"
    grant(ROLE, "receipt", f"select, insert, update (status, version, {steps})")
    grant(ROLE, "receipt_line", "select, insert")
