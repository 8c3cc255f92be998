"""Describe items: units, kits, batches, serials and what may be sold."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from servicekit.migrations import grant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROLE = "inventory"
MOMENT = sa.DateTime(timezone=True)
NO, YES = sa.text("false"), sa.text("true")
ITEM_COLUMNS = (
    "tracking",
    "shelf_life_days",
    "no_sale_days",
    "for_sale",
    "inspect_on_receipt",
    "disabled",
    "abc_class",
    "gtin",
    "kit_version",
    "defined_at",
)


def upgrade() -> None:
    """Say more about items and warehouses, and keep units, kits, batches and serials."""
    # Constant defaults, so that no row is rewritten.
    fill("item", "tracking", sa.Text, "none")
    fill("item", "no_sale_days", sa.Integer, "0")
    fill("item", "for_sale", sa.Boolean, YES)
    fill("item", "inspect_on_receipt", sa.Boolean, NO)
    fill("item", "disabled", sa.Boolean, NO)
    fill("item", "defined_at", MOMENT, sa.func.now())
    fill("warehouse", "inspect_on_receipt", sa.Boolean, NO)
    fill("warehouse", "entry_code", sa.Text, "")
    for name, kind in (
        ("shelf_life_days", sa.Integer),
        ("abc_class", sa.Text),
        ("gtin", sa.Text),
        ("kit_version", sa.Integer),
    ):
        op.add_column("item", sa.Column(name, kind))
    op.add_column("ledger_entry", sa.Column("serials", ARRAY(sa.Text)))
    create_units_and_kits()
    create_batches_and_serials()


def fill(table: str, name: str, kind: Any, value: Any) -> None:
    """Add a column that is never empty, with a value for the rows there are."""
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=value))


def create_units_and_kits() -> None:
    """Create what quantities can be given in, and what kits are made of."""
    op.create_table(
        "unit_conversion",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("numerator", sa.BigInteger, nullable=False),
        sa.Column("denominator", sa.BigInteger, nullable=False),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("defined_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "unit", "version", name="pk_unit_conversion"),
        sa.ForeignKeyConstraint(["item_id"], ["item.item_id"], name="fk_unit_conversion_item_id"),
        sa.CheckConstraint("numerator > 0 and denominator > 0", name="ck_unit_conversion_ratio"),
    )
    op.create_table(
        "kit_version",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("defined_at", MOMENT, nullable=False),
        sa.Column("defined_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "version", name="pk_kit_version"),
        sa.ForeignKeyConstraint(["item_id"], ["item.item_id"], name="fk_kit_version_item_id"),
    )
    op.create_table(
        "kit_component",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("component_id", sa.Text, nullable=False),
        sa.Column("quantity", sa.Numeric(18, 6), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "version", "component_id", name="pk_kit_component"),
        sa.ForeignKeyConstraint(
            ["component_id"], ["item.item_id"], name="fk_kit_component_component_id"
        ),
        sa.CheckConstraint("quantity > 0", name="ck_kit_component_quantity"),
    )
    for table in ("unit_conversion", "kit_version", "kit_component"):
        grant(ROLE, table, "select, insert")


def create_batches_and_serials() -> None:
    """Create what tells goods of one item apart."""
    op.create_table(
        "batch",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("manufactured_on", sa.Date),
        sa.Column("expires_on", sa.Date),
        sa.Column("process_version", sa.Text),
        sa.Column("attributes", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "batch_id", name="pk_batch"),
    )
    op.create_table(
        "serial_unit",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("serial_no", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("trace_code", sa.Text),
        sa.PrimaryKeyConstraint("item_id", "serial_no", name="pk_serial_unit"),
        sa.UniqueConstraint("trace_code", name="uq_serial_unit_trace_code"),
    )
    op.create_index("ix_serial_unit_serial_no", "serial_unit", ["serial_no"])
    for table in ("batch", "serial_unit"):
        grant(ROLE, table, "select, insert, update")


def downgrade() -> None:
    """Forget all that."""
    for table in ("serial_unit", "batch", "kit_component", "kit_version", "unit_conversion"):
        op.drop_table(table)
    op.drop_column("ledger_entry", "serials")
    for name in ("entry_code", "inspect_on_receipt"):
        op.drop_column("warehouse", name)
    for name in ITEM_COLUMNS:
        op.drop_column("item", name)
