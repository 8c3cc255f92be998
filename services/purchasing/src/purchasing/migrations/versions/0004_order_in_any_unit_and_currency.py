"""Order in any unit and currency, and free goods; keep the rates finance sets."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROLE = "purchasing"
LINE_RULES = {
    "base_quantity_is_positive": "base_quantity > 0",
    "kind_is_known": "kind in ('purchase', 'gift', 'sample')",
    "free_goods_cost_nothing": "kind = 'purchase' or unit_cost = 0",
}


def upgrade() -> None:
    """Add what is new; lines there are were ordered in base units and are paid for."""
    op.add_column(
        "item", sa.Column("for_sale", sa.Boolean, nullable=False, server_default=sa.text("true"))
    )
    op.create_table(
        "unit_conversion",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("numerator", sa.BigInteger, nullable=False),
        sa.Column("denominator", sa.BigInteger, nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "unit", "version", name="pk_unit_conversion"),
    )
    op.create_table(
        "exchange_rate",
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("rate", sa.Numeric(18, 6), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("currency", "period", name="pk_exchange_rate"),
        sa.CheckConstraint("rate > 0", name="ck_exchange_rate_rate_is_positive"),
    )
    for table in ("unit_conversion", "exchange_rate"):
        grant(ROLE, table, "select, insert, update")
    _measure_lines()


def _measure_lines() -> None:
    # The defaults are for lines that are there; a new line that relies on them breaks a rule.
    for column in (
        sa.Column("base_unit", sa.Text, nullable=False, server_default=""),
        sa.Column("base_quantity", sa.Numeric(18, 6), nullable=False, server_default="0"),
        sa.Column("unit_version", sa.Integer),
        sa.Column("kind", sa.Text, nullable=False, server_default="purchase"),
    ):
        op.add_column("purchase_order_line", column)
    op.execute("update purchase_order_line set base_unit = unit, base_quantity = quantity")
    for name, rule in LINE_RULES.items():
        table = "purchase_order_line"
        op.create_check_constraint(f"ck_{table}_{name}", table, rule, postgresql_not_valid=True)


def downgrade() -> None:
    """Forget what is new."""
    for name in LINE_RULES:
        op.drop_constraint(f"ck_purchase_order_line_{name}", "purchase_order_line", type_="check")
    for name in ("kind", "unit_version", "base_quantity", "base_unit"):
        op.drop_column("purchase_order_line", name)
    op.drop_table("exchange_rate")
    op.drop_table("unit_conversion")
    op.drop_column("item", "for_sale")
