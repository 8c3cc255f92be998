"""Draft, approve and change orders, and keep who did what and why."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROLE = "purchasing"
ORDER = "purchase_order"
LINE = "purchase_order_line"
STATUSES = "'draft', 'submitted', 'approved', 'placed', 'received', 'closed', 'cancelled'"


def upgrade() -> None:
    """Add what is new; orders there are were placed by their authors."""
    for column in (
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("author", sa.Text, nullable=False, server_default=""),
        sa.Column("approved_by", sa.Text),
    ):
        op.add_column(ORDER, column)
    op.execute("update purchase_order set author = placed_by")
    # Whoever still runs without drafts writes both, and none of the states that are new.
    for name in ("placed_at", "placed_by"):
        op.execute(
            "-- squawk-ignore ban-drop-not-null\n"
            f"alter table purchase_order alter column {name} drop not null"
        )
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        "alter table purchase_order drop constraint ck_purchase_order_status_is_known"
    )
    for column in (
        sa.Column("cancelled", sa.Numeric(18, 6), nullable=False, server_default="0"),
        sa.Column("price_source", sa.Text, nullable=False, server_default="unlisted"),
        sa.Column("list_price_id", sa.Uuid),
    ):
        op.add_column(LINE, column)
    _rule(f"status in ({STATUSES})")
    _create_tables()
    _grant()


def _rule(rule: str) -> None:
    op.create_check_constraint(
        "ck_purchase_order_status_is_known", ORDER, rule, postgresql_not_valid=True
    )


def _create_tables() -> None:
    op.create_table(
        "purchase_order_delivery",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("due_date", sa.Date, nullable=False),
        sa.Column("quantity", sa.Numeric(18, 6), nullable=False),
        sa.PrimaryKeyConstraint(
            "order_id", "line_no", "due_date", name="pk_purchase_order_delivery"
        ),
        sa.ForeignKeyConstraint(
            ["order_id", "line_no"],
            ["purchase_order_line.order_id", "purchase_order_line.line_no"],
            name="fk_purchase_order_delivery_order_id_line_no",
        ),
        sa.CheckConstraint("quantity > 0", name="ck_purchase_order_delivery_quantity_is_positive"),
    )
    op.create_table(
        "purchase_order_change",
        sa.Column("change_id", sa.Uuid, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("line_no", sa.Integer),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("was", sa.Text),
        sa.Column("became", sa.Text),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("change_id", name="pk_purchase_order_change"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.order_id"], name="fk_purchase_order_change_order_id"
        ),
    )
    op.create_index(
        "ix_purchase_order_change_order_id_change_id",
        "purchase_order_change",
        ["order_id", "change_id"],
    )
    op.create_table(
        "approval_limit",
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", sa.Numeric(18, 6)),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("role", "currency", name="pk_approval_limit"),
    )


def _grant() -> None:
    # What was agreed changes, but what it was before is kept for good.
    steps = "status, version, approved_by, placed_at, placed_by, due_date"
    grant(ROLE, ORDER, f"select, insert, update ({steps})")
    agreed = "quantity, base_quantity, unit_cost, cancelled, price_source"
    grant(ROLE, LINE, f"select, insert, update (received, arriving, {agreed})")
    grant(ROLE, "purchase_order_delivery", "select, insert, update (quantity), delete")
    grant(ROLE, "purchase_order_change", "select, insert")
    grant(ROLE, "approval_limit", "select, insert, update, delete")


def downgrade() -> None:
    """Forget what is new; only orders that were placed can stay."""
    for table in ("approval_limit", "purchase_order_change", "purchase_order_delivery"):
        op.drop_table(table)
    for name in ("list_price_id", "price_source", "cancelled"):
        op.drop_column(LINE, name)
    op.drop_constraint("ck_purchase_order_status_is_known", ORDER, type_="check")
    _rule("status in ('placed', 'received')")
    for name in ("placed_at", "placed_by"):
        op.alter_column(ORDER, name, nullable=False)
    for name in ("approved_by", "author", "version"):
        op.drop_column(ORDER, name)
    grant(ROLE, ORDER, "select, insert, update (status)")
    grant(ROLE, LINE, "select, insert, update (received, arriving)")
