"""The copies of reference data, customers, orders and shipments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from servicekit.migrations import create_plumbing, drop_plumbing, grant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLE = "sales"
TABLES = (
    "shipment_line",
    "shipment",
    "sales_order_refusal",
    "sales_order_line",
    "sales_order",
    "document_counter",
    "customer",
    "warehouse",
    "site",
    "item",
)


def upgrade() -> None:
    create_plumbing(ROLE)
    _create_reference()
    _create_customers()
    _create_orders()
    _create_shipments()
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


def _create_customers() -> None:
    op.create_table(
        "customer",
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_customer"),
    )


def _create_orders() -> None:
    op.create_table(
        "document_counter",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "prefix", "day", name="pk_document_counter"),
        # Every order of a site's day counts up the same row.
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "sales_order",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("total", sa.Numeric(14, 2), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Text, nullable=False),
        sa.Column("ttl_seconds", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("reservation_id", sa.Uuid),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("payment_id", sa.Uuid),
        sa.Column("paid_at", sa.DateTime(timezone=True)),
        sa.Column("shipment_id", sa.Uuid),
        sa.Column("cause", sa.Text),
        sa.PrimaryKeyConstraint("site_id", "order_id", name="pk_sales_order"),
        sa.UniqueConstraint("site_id", "number", name="uq_sales_order_site_id_number"),
        sa.CheckConstraint(
            "(due_at is not null) = (status in ('placed', 'paying', 'cancelling'))",
            name="ck_sales_order_waits_or_rests",
        ),
        sa.CheckConstraint(
            "reservation_id is not null"
            " or status in ('placed', 'refused', 'cancelling', 'cancelled')",
            name="ck_sales_order_holds_goods",
        ),
        sa.CheckConstraint(
            "status in ('placed', 'reserved', 'refused', 'paying', 'paid', 'expired',"
            " 'cancelling', 'cancelled', 'shipped')",
            name="ck_sales_order_status_is_known",
        ),
        # Each order changes its state a few times, soon after it was placed.
        postgresql_with={"fillfactor": 70},
    )
    op.create_index("ix_sales_order_order_id", "sales_order", ["order_id"])
    op.create_index(
        "ix_sales_order_due_at",
        "sales_order",
        ["due_at"],
        postgresql_where=sa.text("due_at is not null"),
    )
    op.create_table(
        "sales_order_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quantity", sa.Numeric(18, 6), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "order_id", "line_no", name="pk_sales_order_line"),
        sa.CheckConstraint("quantity > 0", name="ck_sales_order_line_quantity_is_positive"),
        sa.CheckConstraint("amount >= 0", name="ck_sales_order_line_amount_is_not_negative"),
    )
    op.create_table(
        "sales_order_refusal",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("problem", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "order_id", name="pk_sales_order_refusal"),
    )


def _create_shipments() -> None:
    op.create_table(
        "shipment",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("shipment_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("reservation_id", sa.Uuid, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "shipment_id", name="pk_shipment"),
        sa.UniqueConstraint("site_id", "number", name="uq_shipment_site_id_number"),
    )
    op.create_index("ix_shipment_shipment_id", "shipment", ["shipment_id"])
    op.create_table(
        "shipment_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("shipment_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quantity", sa.Numeric(18, 6), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "shipment_id", "line_no", name="pk_shipment_line"),
        sa.CheckConstraint("quantity > 0", name="ck_shipment_line_quantity_is_positive"),
        sa.CheckConstraint("amount >= 0", name="ck_shipment_line_amount_is_not_negative"),
    )


def _grant() -> None:
    for table in ("item", "site", "warehouse", "customer", "document_counter"):
        grant(ROLE, table, "select, insert, update")
    # What was sold and what was shipped can't be changed, whatever the service's code does: only
    # the columns that an order's steps move may be updated.
    steps = "reservation_id, expires_at, payment_id, paid_at, shipment_id, cause"
    grant(ROLE, "sales_order", f"select, insert, update (status, attempts, due_at, {steps})")
    for table in ("sales_order_line", "sales_order_refusal", "shipment", "shipment_line"):
        grant(ROLE, table, "select, insert")
