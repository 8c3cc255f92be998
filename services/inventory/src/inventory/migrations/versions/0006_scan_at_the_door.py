"""Scan at the door: devices, sessions, scans, and the rules of where arriving goods go."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from servicekit.migrations import grant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROLE = "inventory"
MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)
CURRENT = sa.text("retired_at is null")
RUNNING = sa.text("ended_at is null")
OF_WORK = sa.text("work_id is not null")
WRONG = sa.text("refusal = 'wrong_warehouse'")


def upgrade() -> None:
    """Create the tables and say what the service may do with each."""
    create_arrival_rules()
    create_doors()
    create_sessions()
    create_scans()


def create_arrival_rules() -> None:
    """Create what decides where arriving goods go."""
    op.create_table(
        "arrival_rule",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("rule_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("supplier_id", sa.Text),
        sa.Column("category", sa.Text),
        sa.Column("item_id", sa.Text),
        sa.Column("days_left_from", sa.Integer),
        sa.Column("days_left_below", sa.Integer),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("retired_at", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "rule_id", "version", name="pk_arrival_rule"),
    )
    op.create_index(
        "uq_arrival_rule_current",
        "arrival_rule",
        ["site_id", "rule_id"],
        unique=True,
        postgresql_where=CURRENT,
    )
    grant(ROLE, "arrival_rule", "select, insert, update")


def create_doors() -> None:
    """Create who works where with which device, and what codes stand for."""
    op.create_table(
        "device",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("registered_by", sa.Text, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("revoked_by", sa.Text),
        sa.PrimaryKeyConstraint("site_id", "device_id", name="pk_device"),
        sa.CheckConstraint("(revoked_at is null) = (revoked_by is null)", name="ck_device_revoked"),
    )
    op.create_table(
        "warehouse_worker",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("assigned_at", MOMENT, nullable=False),
        sa.Column("assigned_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "user_id", "warehouse_id", name="pk_warehouse_worker"),
    )
    op.create_index("ix_warehouse_worker_user_id", "warehouse_worker", ["user_id"])
    op.create_table(
        "item_barcode",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_item_barcode"),
    )
    grant(ROLE, "device", "select, insert, update")
    grant(ROLE, "warehouse_worker", "select, insert, delete")
    grant(ROLE, "item_barcode", "select, insert, update, delete")


def create_sessions() -> None:
    """Create sessions and the works they hold."""
    op.create_table(
        "scan_session",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("scans", sa.Integer, nullable=False),
        sa.Column("work_id", sa.Uuid),
        sa.Column("ended_at", MOMENT),
        sa.Column("end", sa.Text),
        sa.PrimaryKeyConstraint("site_id", "session_id", name="pk_scan_session"),
        sa.CheckConstraint('(ended_at is null) = ("end" is null)', name="ck_scan_session_ended"),
    )
    op.create_index("ix_scan_session_session_id", "scan_session", ["session_id"])
    op.create_index("ix_scan_session_user_id", "scan_session", ["user_id", "session_id"])
    op.create_index(
        "uq_scan_session_user_open",
        "scan_session",
        ["user_id"],
        unique=True,
        postgresql_where=RUNNING,
    )
    op.create_index(
        "uq_scan_session_device_open",
        "scan_session",
        ["site_id", "device_id"],
        unique=True,
        postgresql_where=RUNNING,
    )
    op.create_table(
        "scan_work",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("work_id", sa.Uuid, nullable=False),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("loaded_id", sa.Uuid),
        sa.Column("to_site_id", sa.Text),
        sa.Column("to_warehouse_id", sa.Text),
        sa.Column("source_document", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("finished_at", MOMENT),
        sa.Column("document_id", sa.Uuid),
        sa.PrimaryKeyConstraint("site_id", "work_id", name="pk_scan_work"),
    )
    op.create_index("ix_scan_work_session_id", "scan_work", ["site_id", "session_id"])
    op.create_index(
        "ix_scan_work_document_id",
        "scan_work",
        ["document_id"],
        postgresql_where=sa.text("document_id is not null"),
    )
    grant(ROLE, "scan_session", "select, insert, update")
    grant(ROLE, "scan_work", "select, insert, update")


def create_scans() -> None:
    """Create what was scanned, understood or not."""
    op.create_table(
        "scan",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("scan_id", sa.Uuid, nullable=False),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("scanned_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("said", JSONB, nullable=False),
        sa.Column("meaning", sa.Text),
        sa.Column("work_id", sa.Uuid),
        sa.Column("item_id", sa.Text),
        sa.Column("batch_id", sa.Text),
        sa.Column("serial", sa.Text),
        sa.Column("manufactured_on", sa.Date),
        sa.Column("expires_on", sa.Date),
        sa.Column("quantity", QUANTITY),
        sa.Column("unit", sa.Text),
        sa.Column("scale_id", sa.Text),
        sa.Column("gross", QUANTITY),
        sa.Column("tare", QUANTITY),
        sa.Column("net", QUANTITY),
        sa.Column("weight_unit", sa.Text),
        sa.Column("weighed_at", MOMENT),
        sa.Column("refusal", sa.Text),
        sa.Column("facts", JSONB),
        sa.Column("reason_en", sa.Text),
        sa.Column("reason_zh", sa.Text),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("line_no", sa.Integer),
        sa.Column("settled_at", MOMENT),
        sa.Column("settled_by", sa.Text),
        sa.Column("settlement", sa.Text),
        sa.PrimaryKeyConstraint("site_id", "scan_id", name="pk_scan"),
        sa.CheckConstraint("(refusal is null) <> (meaning is null)", name="ck_scan_outcome"),
    )
    op.create_index("uq_scan_sequence", "scan", ["site_id", "session_id", "sequence"], unique=True)
    op.create_index("ix_scan_work_id", "scan", ["site_id", "work_id"], postgresql_where=OF_WORK)
    op.create_index(
        "ix_scan_wrong_warehouse", "scan", ["site_id", "scan_id"], postgresql_where=WRONG
    )
    grant(ROLE, "scan", "select, insert, update")


def downgrade() -> None:
    """Forget all that."""
    for table in (
        "scan",
        "scan_work",
        "scan_session",
        "item_barcode",
        "warehouse_worker",
        "device",
        "arrival_rule",
    ):
        op.drop_table(table)
