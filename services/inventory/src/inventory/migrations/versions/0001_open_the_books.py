"""Open the books: catalog, ledger, balances and reservations."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import create_plumbing, drop_plumbing, grant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLE = "inventory"
HELD = sa.text("status = 'held'")
OPEN = sa.text("status in ('held', 'confirmed')")
HOLDING = sa.text("outstanding > 0")
MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)
TOTAL = sa.Numeric(24, 6)
CHANGE = "case when source is null then quantity when target is null then -quantity else 0 end"

# Not even the owner changes an entry, and replication roles don't pass the trigger by.
APPEND_ONLY = (
    """
    create function refuse_ledger_change() returns trigger language plpgsql as $$
    begin
        raise exception 'ledger entries are never changed: post a document that reverses them'
            using errcode = 'restrict_violation';
    end $$
    """,
    """
    create trigger ledger_entry_append_only before update or delete or truncate on ledger_entry
    for each statement execute function refuse_ledger_change()
    """,
    "alter table ledger_entry enable always trigger ledger_entry_append_only",
)


def upgrade() -> None:
    """Create the tables and say what the service may do with each."""
    create_plumbing(ROLE)
    create_catalog()
    create_books()
    create_reservations()


def create_catalog() -> None:
    """Create what there is to keep stock of, and where."""
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
        sa.ForeignKeyConstraint(["site_id"], ["site.site_id"], name="fk_warehouse_site_id"),
    )
    op.create_table(
        "item",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("base_unit", sa.Text, nullable=False),
        sa.Column("scale", sa.SmallInteger, nullable=False),
        sa.Column("category", sa.Text),
        sa.Column("in_use", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_item"),
        sa.CheckConstraint("scale between 0 and 6", name="ck_item_scale"),
    )
    for table in ("site", "warehouse", "item"):
        grant(ROLE, table, "select, insert, update")


def create_books() -> None:
    """Create the ledger and the balances it explains."""
    op.create_table(
        "stock_stream",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
        sa.Column("last_hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "item_id", name="pk_stock_stream"),
        postgresql_with={"fillfactor": 90},
    )
    op.create_table(
        "stock_balance",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("on_hand", TOTAL, nullable=False),
        sa.Column("allocated", TOTAL, nullable=False),
        sa.Column("in_inspection", TOTAL, nullable=False),
        sa.Column("frozen", TOTAL, nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "item_id", "warehouse_id", "batch_id", name="pk_stock_balance"
        ),
        sa.CheckConstraint(
            "on_hand >= 0 and allocated >= 0 and in_inspection >= 0 and frozen >= 0",
            name="ck_stock_balance_not_negative",
        ),
        sa.CheckConstraint(
            "on_hand - allocated - in_inspection - frozen >= 0", name="ck_stock_balance_available"
        ),
        postgresql_with={"fillfactor": 90},
    )
    op.create_table(
        "ledger_entry",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("target", sa.Text),
        sa.Column("change", QUANTITY, sa.Computed(CHANGE)),
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("document_number", sa.Text, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("effective_at", MOMENT, nullable=False),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text),
        sa.Column("rule", sa.Text),
        sa.Column("reverses", sa.BigInteger),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "item_id", "sequence", name="pk_ledger_entry"),
        sa.CheckConstraint("quantity > 0", name="ck_ledger_entry_quantity"),
        sa.CheckConstraint("source is distinct from target", name="ck_ledger_entry_moves"),
    )
    op.create_table(
        "booked_document",
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("booked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_booked_document"),
    )
    for statement in APPEND_ONLY:
        op.execute(statement)
    grant(ROLE, "stock_stream", "select, insert, update")
    grant(ROLE, "stock_balance", "select, insert, update")
    grant(ROLE, "ledger_entry", "select, insert")
    grant(ROLE, "booked_document", "select, insert")


def create_reservations() -> None:
    """Create what holds stock for orders."""
    op.create_table(
        "reservation",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("reservation_id", sa.Uuid, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("reserved_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("shipment_id", sa.Uuid),
        sa.PrimaryKeyConstraint("site_id", "reservation_id", name="pk_reservation"),
        sa.CheckConstraint(
            "(status = 'released') = (reason is not null)", name="ck_reservation_reason"
        ),
        sa.CheckConstraint(
            "(status = 'fulfilled') = (shipment_id is not null)", name="ck_reservation_shipment"
        ),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index("ix_reservation_reservation_id", "reservation", ["reservation_id"])
    op.create_index(
        "uq_reservation_open_order", "reservation", ["order_id"], unique=True, postgresql_where=OPEN
    )
    op.create_index("ix_reservation_expiry", "reservation", ["expires_at"], postgresql_where=HELD)
    op.create_table(
        "reservation_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("reservation_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("outstanding", QUANTITY, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "reservation_id", "line_no", name="pk_reservation_line"),
        sa.CheckConstraint(
            "outstanding between 0 and quantity", name="ck_reservation_line_outstanding"
        ),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index(
        "ix_reservation_line_holding",
        "reservation_line",
        ["site_id", "item_id", "warehouse_id"],
        postgresql_where=HOLDING,
    )
    grant(ROLE, "reservation", "select, insert, update")
    grant(ROLE, "reservation_line", "select, insert, update")


def downgrade() -> None:
    """Remove everything, books and all."""
    for table in (
        "reservation_line",
        "reservation",
        "booked_document",
        "ledger_entry",
        "stock_balance",
        "stock_stream",
        "item",
        "warehouse",
        "site",
    ):
        op.drop_table(table)
    op.execute("drop function refuse_ledger_change()")
    drop_plumbing()
