"""Open receipts by scanning, count in any unit, weigh, and know the devices."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ROLE = "purchasing"
MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)
COUNTED = "ck_receipt_line_counted_is_positive"
WEIGHED = ("gross", "tare", "net")
# Within the migration's transaction: before the first release there are not so many receipts that
# anybody would wait, and an index made concurrently is left half done when it fails.
RECEIPTS_OF_A_SCAN = """
    -- squawk-ignore require-concurrent-index-creation
    create index ix_receipt_opening_id on receipt (opening_id)
"""


def upgrade() -> None:
    """Add what is new; lines there are were counted in base units."""
    op.create_table(
        "device",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("revoked", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "device_id", name="pk_device"),
    )
    grant(ROLE, "device", "select, insert, update")
    op.create_table(
        "receipt_opening",
        sa.Column("opening_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid),
        sa.Column("delivery_note", sa.Text),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text),
        sa.PrimaryKeyConstraint("opening_id", name="pk_receipt_opening"),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.supplier_id"], name="fk_receipt_opening_supplier_id"
        ),
    )
    grant(ROLE, "receipt_opening", "select, insert")
    _extend_receipts()
    _extend_lines()


def _extend_receipts() -> None:
    for column in (
        sa.Column("opening_id", sa.Uuid),
        sa.Column("opened_at", MOMENT),
        sa.Column("opened_by", sa.Text),
        sa.Column("device_id", sa.Text),
    ):
        op.add_column("receipt", column)
    op.create_foreign_key(
        "fk_receipt_opening_id",
        "receipt",
        "receipt_opening",
        ["opening_id"],
        ["opening_id"],
        postgresql_not_valid=True,
    )
    op.execute(RECEIPTS_OF_A_SCAN)


def _extend_lines() -> None:
    # The defaults are for lines that are there; a new line that relies on them breaks a rule.
    for column in (
        sa.Column("counted_unit", sa.Text, nullable=False, server_default=""),
        sa.Column("counted_quantity", QUANTITY, nullable=False, server_default="0"),
        sa.Column("unit_version", sa.Integer),
        sa.Column("scale_id", sa.Text),
        *(sa.Column(name, QUANTITY) for name in WEIGHED),
        sa.Column("weight_unit", sa.Text),
        sa.Column("weighed_at", MOMENT),
    ):
        op.add_column("receipt_line", column)
    op.execute("update receipt_line set counted_unit = unit, counted_quantity = quantity")
    op.create_check_constraint(
        COUNTED, "receipt_line", "counted_quantity > 0", postgresql_not_valid=True
    )


def downgrade() -> None:
    """Forget what is new."""
    op.drop_constraint(COUNTED, "receipt_line", type_="check")
    for name in ("weighed_at", "weight_unit", *WEIGHED, "scale_id", "unit_version"):
        op.drop_column("receipt_line", name)
    for name in ("counted_quantity", "counted_unit"):
        op.drop_column("receipt_line", name)
    op.drop_index("ix_receipt_opening_id", table_name="receipt")
    op.drop_constraint("fk_receipt_opening_id", "receipt", type_="foreignkey")
    for name in ("device_id", "opened_by", "opened_at", "opening_id"):
        op.drop_column("receipt", name)
    op.drop_table("receipt_opening")
    op.drop_table("device")
