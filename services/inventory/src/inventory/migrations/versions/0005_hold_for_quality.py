"""Hold goods for quality: inspections, recalls, conditions."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROLE = "inventory"
MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)
TOTAL = sa.Numeric(24, 6)
MEASURED = sa.Numeric(18, 6)

# Within the migration's transaction: before the first release no books are so large that anybody
# would wait for these, and an index made concurrently is left half done when it fails.
INDEXES = (
    """
    -- squawk-ignore require-concurrent-index-creation
    create index ix_batch_blocked on batch (item_id, batch_id) where blocked
    """,
    """
    -- squawk-ignore require-concurrent-index-creation
    create index ix_ledger_entry_into_inspection
    on ledger_entry (site_id, item_id, warehouse_id, batch_id, sequence)
    where target = 'in_inspection'
    """,
)


def upgrade() -> None:
    """Create the tables and say what the service may do with each."""
    create_inspections()
    create_conditions()
    create_breaches()
    create_expiries()
    create_recalls()
    create_returns()
    # A constant default, so that no row is rewritten.
    op.add_column(
        "batch", sa.Column("blocked", sa.Boolean, nullable=False, server_default=sa.text("false"))
    )
    for statement in INDEXES:
        op.execute(statement)


def create_inspections() -> None:
    """Create what inspections have decided."""
    op.create_table(
        "inspection",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("inspection_id", sa.Uuid, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("inspected_at", MOMENT, nullable=False),
        sa.Column("inspector", sa.Text, nullable=False),
        sa.Column("sample_size", QUANTITY),
        sa.Column("findings", sa.Text),
        sa.Column("attachments", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("document_id", sa.Uuid),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "inspection_id", name="pk_inspection"),
    )
    op.create_index("ix_inspection_inspection_id", "inspection", ["inspection_id"])
    op.create_table(
        "inspection_part",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("inspection_id", sa.Uuid, nullable=False),
        sa.Column("part_no", sa.Integer, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("serials", sa.ARRAY(sa.Text), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "inspection_id", "part_no", name="pk_inspection_part"),
        sa.CheckConstraint("quantity > 0", name="ck_inspection_part_quantity"),
    )
    grant(ROLE, "inspection", "select, insert")
    grant(ROLE, "inspection_part", "select, insert")


def create_conditions() -> None:
    """Create what devices measure, and what they may."""
    op.create_table(
        "condition_limit",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("lowest_temperature", MEASURED),
        sa.Column("highest_temperature", MEASURED),
        sa.Column("temperature_hysteresis", MEASURED, nullable=False),
        sa.Column("lowest_humidity", MEASURED),
        sa.Column("highest_humidity", MEASURED),
        sa.Column("humidity_hysteresis", MEASURED, nullable=False),
        sa.Column("tolerated_minutes", sa.Integer, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "warehouse_id", name="pk_condition_limit"),
    )
    op.create_table(
        "condition_watch",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("last_at", MOMENT),
        sa.Column("outside_since", MOMENT),
        sa.Column("breach_id", sa.Uuid),
        sa.PrimaryKeyConstraint("site_id", "warehouse_id", "device_id", name="pk_condition_watch"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "condition_reading",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("temperature", MEASURED, nullable=False),
        sa.Column("humidity", MEASURED),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "warehouse_id", "at", "device_id", name="pk_condition_reading"
        ),
    )
    op.create_index(
        "ix_condition_reading_received_at",
        "condition_reading",
        ["received_at"],
        postgresql_using="brin",
    )
    grant(ROLE, "condition_limit", "select, insert, update")
    grant(ROLE, "condition_watch", "select, insert, update")
    grant(ROLE, "condition_reading", "select, insert, delete")


def create_breaches() -> None:
    """Create the times in which a warehouse was outside of its limits."""
    op.create_table(
        "cold_chain_breach",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("breach_id", sa.Uuid, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("outside_since", MOMENT, nullable=False),
        sa.Column("breached_at", MOMENT, nullable=False),
        sa.Column("temperature", MEASURED, nullable=False),
        sa.Column("humidity", MEASURED),
        sa.Column("restored_at", MOMENT),
        sa.Column("document_ids", sa.ARRAY(sa.Uuid), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "breach_id", name="pk_cold_chain_breach"),
    )
    op.create_index("ix_cold_chain_breach_breach_id", "cold_chain_breach", ["breach_id"])
    grant(ROLE, "cold_chain_breach", "select, insert, update")


def create_expiries() -> None:
    """Create what was said about expiries, so that it is said once."""
    op.create_table(
        "expiry_notice",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("within_days", sa.Integer, nullable=False),
        sa.Column("noticed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "item_id", "batch_id", "expires_on", "within_days", name="pk_expiry_notice"
        ),
    )
    grant(ROLE, "expiry_notice", "select, insert")


def create_recalls() -> None:
    """Create the orders that call batches back."""
    op.create_table(
        "recall",
        sa.Column("recall_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("recall_class", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ordered_by", sa.Text, nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        sa.Column("batches", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("first_serial", sa.Text),
        sa.Column("last_serial", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("closed_by", sa.Text),
        sa.Column("closed_at", MOMENT),
        sa.PrimaryKeyConstraint("recall_id", name="pk_recall"),
        sa.UniqueConstraint("number", name="uq_recall_number"),
    )
    op.create_table(
        "recall_reservation",
        sa.Column("recall_id", sa.Uuid, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("reservation_id", sa.Uuid, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("quantity", TOTAL, nullable=False),
        sa.Column("released_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint(
            "recall_id", "site_id", "reservation_id", name="pk_recall_reservation"
        ),
    )
    grant(ROLE, "recall", "select, insert, update")
    grant(ROLE, "recall_reservation", "select, insert")


def create_returns() -> None:
    """Create where called back goods had gone, and what became of them there."""
    op.create_table(
        "recall_delivery",
        sa.Column("recall_id", sa.Uuid, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("document_number", sa.Text, nullable=False),
        sa.Column("shipped_at", MOMENT, nullable=False),
        sa.Column("order_id", sa.Uuid),
        sa.Column("recovered", QUANTITY, nullable=False),
        sa.Column("written_off", QUANTITY, nullable=False),
        sa.PrimaryKeyConstraint("recall_id", "site_id", "sequence", name="pk_recall_delivery"),
        sa.CheckConstraint(
            "recovered >= 0 and written_off >= 0 and recovered + written_off <= quantity",
            name="ck_recall_delivery_outstanding",
        ),
    )
    op.create_table(
        "recall_return",
        sa.Column("recall_id", sa.Uuid, nullable=False),
        sa.Column("return_id", sa.Uuid, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("fate", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("document_id", sa.Uuid),
        sa.Column("note", sa.Text),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("recall_id", "return_id", name="pk_recall_return"),
        sa.CheckConstraint("quantity > 0", name="ck_recall_return_quantity"),
    )
    grant(ROLE, "recall_delivery", "select, insert, update")
    grant(ROLE, "recall_return", "select, insert")


def downgrade() -> None:
    """Forget all that."""
    op.drop_index("ix_ledger_entry_into_inspection", "ledger_entry")
    op.drop_index("ix_batch_blocked", "batch")
    op.drop_column("batch", "blocked")
    for table in (
        "recall_return",
        "recall_delivery",
        "recall_reservation",
        "recall",
        "expiry_notice",
        "cold_chain_breach",
        "condition_reading",
        "condition_watch",
        "condition_limit",
        "inspection_part",
        "inspection",
    ):
        op.drop_table(table)
