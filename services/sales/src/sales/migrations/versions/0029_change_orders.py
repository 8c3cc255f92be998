"""Change orders before they are paid: who wanted what, and where the order stands meanwhile."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from servicekit.migrations import grant

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MONEY, QUANTITY = sa.Numeric(14, 2), sa.Numeric(18, 6)
KNOWN = (
    "'placed', 'reserved', 'refused', 'paying', 'paid', 'expired', 'cancelling', 'cancelled',"
    " 'shipped', 'backordered'"
)
OPEN = "'placed', 'reserved', 'paying', 'paid', 'cancelling', 'backordered'"


def _rules(more: str) -> dict[str, str]:
    waits = f"(due_at is not null) = (status in ('placed', 'paying', 'cancelling'{more}))"
    return {
        "waits_or_rests": f"status = 'backordered' or {waits}",
        "status_is_known": f"status in ({KNOWN}{more})",
    }


def upgrade() -> None:
    """Make room; what is held for an order may be something else from now on."""
    _create_changes()
    grant("sales", "sales_order_held_line", "select, insert, delete")
    _rule(_rules(", 'changing'"))
    with op.get_context().autocommit_block():
        _look_at_all(_rules(", 'changing'"))
        _index_open(f"{OPEN}, 'changing'")


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
    op.drop_index(
        "ix_sales_order_open", "sales_order", postgresql_concurrently=True, if_exists=True
    )
    op.create_index(
        "ix_sales_order_open",
        "sales_order",
        ["site_id"],
        postgresql_where=sa.text(f"status in ({statuses})"),
        postgresql_concurrently=True,
        if_not_exists=True,
    )


def _create_changes() -> None:
    op.create_table(
        "sales_order_change",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("change_no", sa.Integer, nullable=False),
        sa.Column("change_id", sa.Uuid, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("lines_from", sa.Integer, nullable=False),
        sa.Column("total_before", MONEY, nullable=False),
        sa.Column("total", MONEY, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("problem", JSONB),
        sa.PrimaryKeyConstraint("site_id", "order_id", "change_no", name="pk_sales_order_change"),
        sa.CheckConstraint(
            "outcome in ('pending', 'done', 'refused', 'lapsed')",
            name="ck_sales_order_change_outcome_is_known",
        ),
        sa.CheckConstraint(
            "(outcome = 'pending') = (decided_at is null)",
            name="ck_sales_order_change_decided_once",
        ),
        sa.CheckConstraint(
            "(outcome = 'refused') = (problem is not null)",
            name="ck_sales_order_change_says_why",
        ),
    )
    grant("sales", "sales_order_change", "select, insert, update (outcome, decided_at, problem)")
    op.create_table(
        "sales_order_change_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("change_no", sa.Integer, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("serials", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("substitute_for", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("level", sa.Text),
        sa.Column("unit_price", QUANTITY),
        sa.Column("valid_from", sa.Date),
        sa.Column("promotion_id", sa.Uuid),
        sa.Column("percent_off", sa.Numeric(5, 2)),
        sa.PrimaryKeyConstraint(
            "site_id", "order_id", "change_no", "line_no", name="pk_sales_order_change_line"
        ),
        sa.CheckConstraint("quantity > 0", name="ck_sales_order_change_line_quantity_is_positive"),
        sa.CheckConstraint("amount >= 0", name="ck_sales_order_change_line_amount_is_not_negative"),
    )
    grant("sales", "sales_order_change_line", "select, insert")


def downgrade() -> None:
    """Forget it; orders that are being changed have to be settled before."""
    with op.get_context().autocommit_block():
        _index_open(OPEN)
    _rule(_rules(""))
    with op.get_context().autocommit_block():
        _look_at_all(_rules(""))
    grant("sales", "sales_order_held_line", "select, insert")
    op.drop_table("sales_order_change_line")
    op.drop_table("sales_order_change")
