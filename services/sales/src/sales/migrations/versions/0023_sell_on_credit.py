"""Sell on credit: whose customers are, what they may owe, what they owe and what they pay."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(14, 2)
FACTS = ("name", "kind", "site_id", "credit_limit", "terms_days", "version")
RULES = {
    "kind_is_known": "kind in ('outside', 'own_shop')",
    "own_shops_are_sites": "(kind = 'own_shop') = (site_id is not null)",
    "terms_are_not_negative": "credit_limit >= 0 and terms_days >= 0",
}
CLOSE = """
    update sales_order set closed_at = now()
    where status = 'shipped' and not exists (
        select from shipment
        where shipment.site_id = sales_order.site_id and shipment.order_id = sales_order.order_id
            and signed_at is null and came_back_at is null
    )
"""


def upgrade() -> None:
    """Make room; customers of before are outside and buy nothing on credit."""
    _describe_customers()
    _create_receivables()
    _create_payments()
    op.add_column(
        "sales_order",
        sa.Column("on_credit", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column("sales_order", sa.Column("closed_at", MOMENT))
    op.execute(CLOSE)
    op.execute("grant update (on_credit, closed_at) on sales_order to sales")


def _describe_customers() -> None:
    for column in (
        sa.Column("kind", sa.Text, nullable=False, server_default="outside"),
        sa.Column("site_id", sa.Text),
        sa.Column("credit_limit", MONEY, nullable=False, server_default=sa.text("0")),
        sa.Column("terms_days", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("1")),
    ):
        op.add_column("customer", column)
    for name, rule in RULES.items():
        full = f"ck_customer_{name}"
        op.create_check_constraint(full, "customer", rule, postgresql_not_valid=True)
    grant("sales", "customer", f"select, insert, update ({', '.join(FACTS)})")
    op.create_table(
        "customer_version",
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text),
        sa.Column("credit_limit", MONEY, nullable=False),
        sa.Column("terms_days", sa.Integer, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "version", name="pk_customer_version"),
    )
    grant("sales", "customer_version", "select, insert")


def _create_receivables() -> None:
    op.create_table(
        "receivable",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("taken_by", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("over_limit", MONEY, nullable=False),
        sa.Column("allowed_by", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("reduced", MONEY, nullable=False),
        sa.Column("paid", MONEY, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("told_at", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "order_id", name="pk_receivable"),
        sa.CheckConstraint("reduced >= 0 and paid >= 0", name="ck_receivable_nothing_is_negative"),
        sa.CheckConstraint("reduced + paid <= amount", name="ck_receivable_is_not_paid_twice"),
        sa.CheckConstraint(
            "(settled_at is not null) = (reduced + paid = amount)",
            name="ck_receivable_is_settled_or_open",
        ),
        sa.CheckConstraint(
            "(over_limit > 0) = (allowed_by is not null and reason is not null)",
            name="ck_receivable_somebody_allowed_what_is_over",
        ),
    )
    op.create_index("ix_receivable_order_id", "receivable", ["order_id"])
    op.create_index(
        "ix_receivable_open",
        "receivable",
        ["customer_id", "taken_at", "order_id"],
        postgresql_where=sa.text("settled_at is null"),
    )
    op.create_index(
        "ix_receivable_untold",
        "receivable",
        ["order_id"],
        postgresql_where=sa.text("settled_at is not null and told_at is null"),
    )
    grant("sales", "receivable", "select, insert, update (reduced, paid, settled_at, told_at)")


def _create_payments() -> None:
    op.create_table(
        "customer_payment",
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("reference", sa.Text),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column("applied", MONEY, nullable=False),
        sa.PrimaryKeyConstraint("payment_id", name="pk_customer_payment"),
        sa.CheckConstraint("amount > 0", name="ck_customer_payment_amount_is_positive"),
        sa.CheckConstraint(
            "applied >= 0 and applied <= amount",
            name="ck_customer_payment_settles_no_more_than_it_is",
        ),
    )
    by_customer = ["customer_id", "payment_id"]
    op.create_index("ix_customer_payment_customer_id", "customer_payment", by_customer)
    op.create_index(
        "ix_customer_payment_rest",
        "customer_payment",
        by_customer,
        postgresql_where=sa.text("applied < amount"),
    )
    grant("sales", "customer_payment", "select, insert, update (applied)")
    op.create_table(
        "payment_application",
        sa.Column("application_id", sa.Uuid, nullable=False),
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("applied_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("application_id", name="pk_payment_application"),
        sa.CheckConstraint("amount <> 0", name="ck_payment_application_says_something"),
    )
    for name in ("order_id", "payment_id"):
        op.create_index(f"ix_payment_application_{name}", "payment_application", [name])
    grant("sales", "payment_application", "select, insert")


def downgrade() -> None:
    """Forget it."""
    for name in ("closed_at", "on_credit"):
        op.drop_column("sales_order", name)
    for table in ("payment_application", "customer_payment", "receivable", "customer_version"):
        op.drop_table(table)
    for name in RULES:
        op.drop_constraint(f"ck_customer_{name}", "customer")
    for name in reversed(FACTS[1:]):
        op.drop_column("customer", name)
    grant("sales", "customer", "select, insert, update")
