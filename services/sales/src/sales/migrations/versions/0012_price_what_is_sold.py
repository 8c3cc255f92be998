"""Price what is sold: levels of customers, prices, promotions, and how each line got its amount."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)


def upgrade() -> None:
    """Make room; a promotion can only be ended, or taken back before it begins."""
    op.create_table(
        "customer_level",
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_customer_level"),
    )
    grant("sales", "customer_level", "select, insert, update (level, set_at, set_by)")
    _create_prices()
    _create_promotions()
    _create_line_prices()


def _create_prices() -> None:
    op.create_table(
        "sales_price",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("from_quantity", QUANTITY, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("unit_price", QUANTITY, nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint(
            "item_id",
            "unit",
            "currency",
            "level",
            "from_quantity",
            "valid_from",
            name="pk_sales_price",
        ),
        sa.CheckConstraint(
            "from_quantity >= 0 and unit_price >= 0", name="ck_sales_price_nothing_is_negative"
        ),
        sa.CheckConstraint("valid_to >= valid_from", name="ck_sales_price_days_are_in_order"),
    )
    grant("sales", "sales_price", "select, insert, update (valid_to, unit_price, set_at, set_by)")


def _create_promotions() -> None:
    op.create_table(
        "promotion",
        sa.Column("promotion_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("scope_name", sa.Text, nullable=False),
        sa.Column("percent_off", sa.Numeric(5, 2), nullable=False),
        sa.Column("level", sa.Text),
        sa.Column("site_id", sa.Text),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("promotion_id", name="pk_promotion"),
        sa.CheckConstraint(
            "percent_off > 0 and percent_off <= 100", name="ck_promotion_takes_a_share_off"
        ),
        sa.CheckConstraint(
            "(scope = 'general') = (scope_name = '')", name="ck_promotion_scope_is_named"
        ),
    )
    op.create_index("ix_promotion_ends_at", "promotion", ["ends_at"])
    grant("sales", "promotion", "select, insert, update (ends_at), delete")


def _create_line_prices() -> None:
    op.create_table(
        "sales_order_line_price",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("unit_price", QUANTITY, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("promotion_id", sa.Uuid),
        sa.Column("percent_off", sa.Numeric(5, 2)),
        sa.PrimaryKeyConstraint("site_id", "order_id", "line_no", name="pk_sales_order_line_price"),
        sa.CheckConstraint(
            "(source = 'promotion') = (promotion_id is not null and percent_off is not null)",
            name="ck_sales_order_line_price_names_its_promotion",
        ),
    )
    grant("sales", "sales_order_line_price", "select, insert")


def downgrade() -> None:
    """Forget them."""
    for table in ("sales_order_line_price", "promotion", "sales_price", "customer_level"):
        op.drop_table(table)
