"""Take returns to suppliers back: reversals of returns, and what was owed less for each line."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ROLE = "purchasing"
MOMENT = sa.DateTime(timezone=True)
RETURN, REVERSAL = "purchase_return", "purchase_return_reversal"
STEPS = (
    "status, version, audited_at, audited_by, posted_at, posted_by, command_id, booked_at,"
    " held_since, held_cause, cancelled_at, cancelled_by"
)
REVERSED = {"reversed_at": MOMENT, "reversed_by": sa.Uuid, "reversed_by_number": sa.Text}
UNOWED = {
    "unowed_quantity": sa.Numeric(18, 6),
    **{f"unowed_{name}": sa.Numeric(20, 2) for name in ("net", "tax", "books_net", "books_tax")},
}
NAMED = f"ck_{RETURN}_names_what_reversed_it"


def _rules(more: str) -> dict[str, str]:
    decided = f"'posting', 'posted'{more}"
    return {
        "status_is_known": f"status in ('draft', 'audited', {decided}, 'cancelled')",
        "posted_once_decided": f"(status in ({decided})) = (posted_at is not null)",
    }


def upgrade() -> None:
    """Make room; of a reversal only the steps can be changed."""
    for name, kind in REVERSED.items():
        op.add_column(RETURN, sa.Column(name, kind))
    grant(ROLE, RETURN, f"select, insert, update ({STEPS}, {', '.join(REVERSED)})")
    for name, kind in UNOWED.items():
        op.add_column(f"{RETURN}_line", sa.Column(name, kind))
    changing = f"returned_before, {', '.join(UNOWED)}"
    grant(ROLE, f"{RETURN}_line", f"select, insert, update ({changing})")
    _rule(_rules(", 'reversed'"))
    op.create_check_constraint(
        NAMED,
        RETURN,
        "(status = 'reversed') = (reversed_by is not null)",
        postgresql_not_valid=True,
    )
    _create_reversals()
    with op.get_context().autocommit_block():
        _look_at_all(_rules(", 'reversed'"))
        op.execute(f"alter table {RETURN} validate constraint {NAMED}")


def _rule(rules: dict[str, str]) -> None:
    """Put rules in the place of those before; what is kept already is looked at afterwards."""
    for name, rule in rules.items():
        op.execute(f"""
            -- squawk-ignore ban-drop-constraint
            alter table {RETURN} drop constraint if exists ck_{RETURN}_{name}
        """)
        op.create_check_constraint(f"ck_{RETURN}_{name}", RETURN, rule, postgresql_not_valid=True)


def _look_at_all(rules: dict[str, str]) -> None:
    """Hold what is kept already to the rules, beside the traffic."""
    for name in rules:
        op.execute(f"alter table {RETURN} validate constraint ck_{RETURN}_{name}")


def _create_reversals() -> None:
    op.create_table(
        REVERSAL,
        sa.Column("reversal_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("return_id", sa.Uuid, nullable=False),
        sa.Column("return_number", sa.Text, nullable=False),
        sa.Column("receipt_id", sa.Uuid, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
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
        sa.PrimaryKeyConstraint("reversal_id", name=f"pk_{REVERSAL}"),
        sa.UniqueConstraint("number", name=f"uq_{REVERSAL}_number"),
        sa.ForeignKeyConstraint(
            ["return_id"], [f"{RETURN}.return_id"], name=f"fk_{REVERSAL}_return_id"
        ),
        sa.CheckConstraint(
            "status in ('draft', 'audited', 'posting', 'posted', 'cancelled')",
            name=f"ck_{REVERSAL}_status_is_known",
        ),
        sa.CheckConstraint(
            "(status in ('posting', 'posted')) = (posted_at is not null)",
            name=f"ck_{REVERSAL}_posted_once_decided",
        ),
    )
    indexes = (
        (f"uq_{REVERSAL}_return", ["return_id"], "status <> 'cancelled'"),
        (f"ix_{REVERSAL}_open", ["site_id"], "status in ('draft', 'audited', 'posting')"),
        (f"ix_{REVERSAL}_posting", ["posted_at"], "status = 'posting'"),
    )
    for name, columns, where in indexes:
        op.create_index(
            name,
            REVERSAL,
            columns,
            unique=name.startswith("uq_"),
            postgresql_where=sa.text(where),
        )
    grant(ROLE, REVERSAL, f"select, insert, update ({STEPS})")


def downgrade() -> None:
    """Forget it; where returns were reversed, this is refused."""
    op.drop_table(REVERSAL)
    op.execute(f"""
        -- squawk-ignore ban-drop-constraint
        alter table {RETURN} drop constraint {NAMED}
    """)
    _rule(_rules(""))
    with op.get_context().autocommit_block():
        _look_at_all(_rules(""))
    for name in UNOWED:
        op.drop_column(f"{RETURN}_line", name)
    for name in REVERSED:
        op.drop_column(RETURN, name)
    grant(ROLE, RETURN, f"select, insert, update ({STEPS})")
    grant(ROLE, f"{RETURN}_line", "select, insert, update (returned_before)")
