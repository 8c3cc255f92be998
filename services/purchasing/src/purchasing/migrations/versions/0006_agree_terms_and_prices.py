"""Know the terms of suppliers, how they changed, and the prices agreed with them."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROLE = "purchasing"
ZERO = sa.text("0")
TERMS = {
    "payment_days": sa.Integer,
    "lead_days": sa.Integer,
    "price_tolerance_percent": sa.Numeric(5, 2),
    "quantity_tolerance_percent": sa.Numeric(5, 2),
    "total_tolerance": sa.Numeric(14, 2),
}
TEXTS = ("tax_id", "contact_mail")


def upgrade() -> None:
    """Add the terms, which tolerate nothing yet, and what is kept of changes and prices."""
    for name, kind in TERMS.items():
        op.add_column("supplier", sa.Column(name, kind, nullable=False, server_default=ZERO))
    for name in TEXTS:
        op.add_column("supplier", sa.Column(name, sa.Text))
    _create_changes()
    _create_prices()


def _create_changes() -> None:
    op.create_table(
        "supplier_change",
        sa.Column("change_id", sa.Uuid, nullable=False),
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("was", sa.Text),
        sa.Column("became", sa.Text),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("change_id", name="pk_supplier_change"),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.supplier_id"], name="fk_supplier_change_supplier_id"
        ),
    )
    op.create_index(
        "ix_supplier_change_supplier_id_change_id", "supplier_change", ["supplier_id", "change_id"]
    )
    grant(ROLE, "supplier_change", "select, insert")


def _create_prices() -> None:
    op.create_table(
        "price",
        sa.Column("price_id", sa.Uuid, nullable=False),
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("ended_by", sa.Text),
        sa.PrimaryKeyConstraint("price_id", name="pk_price"),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.supplier_id"], name="fk_price_supplier_id"
        ),
        sa.CheckConstraint("valid_to >= valid_from", name="ck_price_days_are_in_order"),
    )
    op.create_index("ix_price_supplier_id_item_id", "price", ["supplier_id", "item_id"])
    op.create_table(
        "price_break",
        sa.Column("price_id", sa.Uuid, nullable=False),
        sa.Column("from_quantity", sa.Numeric(18, 6), nullable=False),
        sa.Column("unit_cost", sa.Numeric(18, 6), nullable=False),
        sa.PrimaryKeyConstraint("price_id", "from_quantity", name="pk_price_break"),
        sa.ForeignKeyConstraint(["price_id"], ["price.price_id"], name="fk_price_break_price_id"),
        sa.CheckConstraint(
            "from_quantity >= 0 and unit_cost >= 0", name="ck_price_break_nothing_is_negative"
        ),
    )
    # A price that was agreed only ever ends.
    grant(ROLE, "price", "select, insert, update (valid_to, ended_by)")
    grant(ROLE, "price_break", "select, insert")


def downgrade() -> None:
    """Forget them."""
    for table in ("price_break", "price", "supplier_change"):
        op.drop_table(table)
    for name in (*TEXTS, *TERMS):
        op.drop_column("supplier", name)
