"""Let orders wait for goods that are not there, in queues, and split off what is there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from servicekit.migrations import grant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMNS = (
    ("shortage", sa.Text, "'refuse'"),
    ("round", sa.Integer, "0"),
    ("wake_at", sa.DateTime(timezone=True), None),
    ("promised_at", sa.DateTime(timezone=True), None),
    ("from_order_id", sa.Uuid, None),
    ("back_order_id", sa.Uuid, None),
    ("amended_total", sa.Numeric(14, 2), None),
    ("lines_from", sa.Integer, "1"),
)
STEPS = (
    "status, attempts, due_at, reservation_id, expires_at, payment_id, paid_at, shipment_id, cause"
)
MORE_STEPS = f"{STEPS}, round, wake_at, promised_at, back_order_id, amended_total, lines_from"
OPEN = "'placed', 'reserved', 'paying', 'paid', 'cancelling'"
WAITS = "(due_at is not null) = (status in ('placed', 'paying', 'cancelling'))"
UNHELD = "'placed', 'refused', 'cancelling', 'cancelled'"
KNOWN = (
    "'placed', 'reserved', 'refused', 'paying', 'paid', 'expired', 'cancelling', 'cancelled',"
    " 'shipped'"
)
BEFORE = {
    "waits_or_rests": WAITS,
    "holds_goods": f"reservation_id is not null or status in ({UNHELD})",
    "status_is_known": f"status in ({KNOWN})",
}
AFTER = {
    "waits_or_rests": f"status = 'backordered' or {WAITS}",
    "holds_goods": f"reservation_id is not null or status in ({UNHELD}, 'backordered')",
    "status_is_known": f"status in ({KNOWN}, 'backordered')",
    "sleeps_or_not": "wake_at is null or status = 'backordered'",
}


def upgrade() -> None:
    """Make room; every order of before was to be refused where goods were short."""
    for name, kind, default in COLUMNS:
        value = None if default is None else sa.text(default)
        op.add_column(
            "sales_order", sa.Column(name, kind, nullable=default is None, server_default=value)
        )
    grant("sales", "sales_order", f"select, insert, update ({MORE_STEPS})")
    _rule(AFTER)
    _create_queues()
    with op.get_context().autocommit_block():
        _look_at_all(AFTER)
        _index_open(f"{OPEN}, 'backordered'")
        op.create_index(
            "ix_sales_order_wake_at",
            "sales_order",
            ["wake_at"],
            postgresql_where=sa.text("wake_at is not null"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def _rule(rules: dict[str, str]) -> None:
    """Put rules in the place of those before; what is kept already is looked at afterwards."""
    for name, rule in rules.items():
        op.execute(f"""
            -- squawk-ignore ban-drop-constraint
            alter table sales_order drop constraint if exists ck_sales_order_{name}
        """)
        op.create_check_constraint(
            f"ck_sales_order_{name}", "sales_order", rule, postgresql_not_valid=True
        )


def _look_at_all(rules: dict[str, str]) -> None:
    """Hold what is kept already to the rules, beside the traffic."""
    for name in rules:
        op.execute(f"alter table sales_order validate constraint ck_sales_order_{name}")


def _index_open(statuses: str) -> None:
    op.drop_index("ix_sales_order_open", "sales_order", postgresql_concurrently=True)
    op.create_index(
        "ix_sales_order_open",
        "sales_order",
        ["site_id"],
        postgresql_where=sa.text(f"status in ({statuses})"),
        postgresql_concurrently=True,
        if_not_exists=True,
    )


def _create_queues() -> None:
    op.create_table(
        "back_order_goods",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "order_id", "item_id", "batch_id", name="pk_back_order_goods"
        ),
    )
    op.create_index(
        "ix_back_order_goods_queue",
        "back_order_goods",
        ["site_id", "warehouse_id", "item_id", "batch_id", "promised_at", "order_id"],
    )
    grant("sales", "back_order_goods", "select, insert, delete")
    op.create_table(
        "back_order_try",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "order_id", name="pk_back_order_try"),
    )
    grant("sales", "back_order_try", "select, insert, update (tried_at, problem)")


def downgrade() -> None:
    """Forget it; orders that wait for goods have to be cancelled before."""
    with op.get_context().autocommit_block():
        op.drop_index("ix_sales_order_wake_at", "sales_order", postgresql_concurrently=True)
        _index_open(OPEN)
    op.drop_table("back_order_try")
    op.drop_table("back_order_goods")
    op.execute("alter table sales_order drop constraint ck_sales_order_sleeps_or_not")
    _rule(BEFORE)
    with op.get_context().autocommit_block():
        _look_at_all(BEFORE)
    grant("sales", "sales_order", f"select, insert, update ({STEPS})")
    for name, _, _ in reversed(COLUMNS):
        op.drop_column("sales_order", name)
