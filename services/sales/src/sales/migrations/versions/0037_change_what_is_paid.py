"""Change what is paid: what was in hand instead of what was held, and what that is worth."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MONEY, QUANTITY = sa.Numeric(14, 2), sa.Numeric(18, 6)
SUMS = ("paid_besides", "paid_back")


def upgrade() -> None:
    """Make room; nothing that is paid was changed before."""
    op.add_column(
        "sales_order_change",
        sa.Column("swap", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    for name in SUMS:
        op.add_column("sales_order_change", sa.Column(name, MONEY))
    op.create_table(
        "sales_order_swap_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("change_no", sa.Integer, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("order_line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("serials", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("unit_version", sa.Integer),
        sa.Column("gift", sa.Boolean, nullable=False),
        sa.Column("in_hand", QUANTITY),
        sa.Column("serials_in_hand", sa.ARRAY(sa.Text), nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "order_id", "change_no", "line_no", name="pk_sales_order_swap_line"
        ),
        sa.CheckConstraint("quantity > 0", name="ck_sales_order_swap_line_quantity_is_positive"),
        sa.CheckConstraint(
            "in_hand > 0 and in_hand <= quantity",
            name="ck_sales_order_swap_line_holds_what_is_in_hand",
        ),
    )
    grant("sales", "sales_order_swap_line", "select, insert")
    op.add_column(
        "receivable", sa.Column("added", MONEY, nullable=False, server_default=sa.text("0"))
    )
    op.execute("grant update (added) on receivable to sales")
    _rule(_rules("added >= 0 and ", "amount + added"))


def _rules(more: str, whole: str) -> dict[str, str]:
    return {
        "nothing_is_negative": f"{more}reduced >= 0 and paid >= 0",
        "is_not_paid_twice": f"reduced + paid <= {whole}",
        "is_settled_or_open": f"(settled_at is not null) = (reduced + paid = {whole})",
    }


def _rule(rules: dict[str, str]) -> None:
    """Put rules in the place of those before; the next migration looks at what is kept already."""
    for name, rule in rules.items():
        op.execute(f"""
            -- squawk-ignore ban-drop-constraint
            alter table receivable drop constraint if exists ck_receivable_{name}
        """)
        op.create_check_constraint(
            f"ck_receivable_{name}", "receivable", rule, postgresql_not_valid=True
        )


def downgrade() -> None:
    """Forget it; no order may be changing, and none on credit may have come to more by then."""
    _rule(_rules("", "amount"))
    with op.get_context().autocommit_block():
        for name in _rules("", ""):
            op.execute(f"alter table receivable validate constraint ck_receivable_{name}")
    op.drop_column("receivable", "added")
    op.drop_table("sales_order_swap_line")
    for name in (*reversed(SUMS), "swap"):
        op.drop_column("sales_order_change", name)
