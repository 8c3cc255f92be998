"""Take returns back: reversals of returns, what they cost, and returns that are reversed."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STEPS = (
    "status, version, audited_at, audited_by, posted_at, posted_by, booked_at, cancelled_at,"
    " cancelled_by, refund, exchange_order_id"
)
REVERSED = {"reversed_at": MOMENT, "reversed_by": sa.Uuid, "reversed_by_number": sa.Text}
NAMED = "ck_customer_return_names_what_reversed_it"


def _rules(more: str) -> dict[str, str]:
    decided = f"'posting', 'posted'{more}"
    return {
        "status_is_known": f"status in ('draft', 'audited', {decided}, 'cancelled')",
        "refunds_once_posted": f"(refund is not null) = (status in ({decided}))",
    }


def upgrade() -> None:
    """Make room; of a reversal only the steps can be changed."""
    for name, kind in REVERSED.items():
        op.add_column("customer_return", sa.Column(name, kind))
    grant("sales", "customer_return", f"select, insert, update ({STEPS}, {', '.join(REVERSED)})")
    _rule(_rules(", 'reversed'"))
    op.create_check_constraint(
        NAMED,
        "customer_return",
        "(status = 'reversed') = (reversed_by is not null)",
        postgresql_not_valid=True,
    )
    _create_reversals()
    _create_costs()
    with op.get_context().autocommit_block():
        _look_at_all(_rules(", 'reversed'"))
        op.execute(f"alter table customer_return validate constraint {NAMED}")


def _rule(rules: dict[str, str]) -> None:
    """Put rules in the place of those before; what is kept already is looked at afterwards."""
    for name, rule in rules.items():
        op.execute(f"""
            -- squawk-ignore ban-drop-constraint
            alter table customer_return drop constraint if exists ck_customer_return_{name}
        """)
        op.create_check_constraint(
            f"ck_customer_return_{name}", "customer_return", rule, postgresql_not_valid=True
        )


def _look_at_all(rules: dict[str, str]) -> None:
    """Hold what is kept already to the rules, beside the traffic."""
    for name in rules:
        op.execute(f"alter table customer_return validate constraint ck_customer_return_{name}")


def _create_reversals() -> None:
    op.create_table(
        "return_reversal",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("reversal_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("return_id", sa.Uuid, nullable=False),
        sa.Column("return_number", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("drafted_by", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("audited_at", MOMENT),
        sa.Column("audited_by", sa.Text),
        sa.Column("posted_at", MOMENT),
        sa.Column("posted_by", sa.Text),
        sa.Column("command_id", sa.Uuid),
        sa.Column("booked_at", MOMENT),
        sa.Column("held_since", MOMENT),
        sa.Column("held_cause", sa.Text),
        sa.Column("cancelled_at", MOMENT),
        sa.Column("cancelled_by", sa.Text),
        sa.PrimaryKeyConstraint("site_id", "reversal_id", name="pk_return_reversal"),
        sa.UniqueConstraint("site_id", "number", name="uq_return_reversal_site_id_number"),
        sa.CheckConstraint(
            "status in ('draft', 'audited', 'posting', 'posted', 'cancelled')",
            name="ck_return_reversal_status_is_known",
        ),
        sa.CheckConstraint(
            "(status in ('posting', 'posted')) = (posted_at is not null)",
            name="ck_return_reversal_posted_once_decided",
        ),
    )
    op.create_index(
        "uq_return_reversal_return",
        "return_reversal",
        ["site_id", "return_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_index(
        "ix_return_reversal_open",
        "return_reversal",
        ["site_id"],
        postgresql_where=sa.text("status in ('draft', 'audited', 'posting')"),
    )
    op.create_index(
        "ix_return_reversal_posting",
        "return_reversal",
        ["posted_at"],
        postgresql_where=sa.text("status = 'posting'"),
    )
    for column in ("reversal_id", "return_id"):
        op.create_index(f"ix_return_reversal_{column}", "return_reversal", [column])
    steps = "status, version, audited_at, audited_by, posted_at, posted_by, command_id, booked_at"
    more = "held_since, held_cause, cancelled_at, cancelled_by"
    grant("sales", "return_reversal", f"select, insert, update ({steps}, {more})")


def _create_costs() -> None:
    op.create_table(
        "cost_of_return_reversal",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("reversal_id", sa.Uuid, nullable=False),
        sa.Column("return_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("shipment_id", sa.Uuid, nullable=False),
        sa.Column("shipment_line_no", sa.Integer, nullable=False),
        sa.Column("quantity", sa.Numeric(18, 6), nullable=False),
        sa.Column("cost", sa.Numeric(14, 2), nullable=False),
        sa.Column("costed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "item_id", "sequence", name="pk_cost_of_return_reversal"
        ),
    )
    op.create_index(
        "ix_cost_of_return_reversal_shipment",
        "cost_of_return_reversal",
        ["site_id", "shipment_id", "shipment_line_no"],
    )
    grant("sales", "cost_of_return_reversal", "select, insert")


def downgrade() -> None:
    """Forget it; where returns were reversed, this is refused."""
    op.drop_table("cost_of_return_reversal")
    op.drop_table("return_reversal")
    op.execute(f"""
        -- squawk-ignore ban-drop-constraint
        alter table customer_return drop constraint {NAMED}
    """)
    _rule(_rules(""))
    with op.get_context().autocommit_block():
        _look_at_all(_rules(""))
    for name in REVERSED:
        op.drop_column("customer_return", name)
    grant("sales", "customer_return", f"select, insert, update ({STEPS})")
