"""Let an entry say that goods of a receipt cost another sum, which moves nothing."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LEDGER = "ledger_entry"
BEFORE = {"quantity": "quantity > 0", "moves": "source is distinct from target"}
AFTER = {
    "quantity": "case kind when 'revaluation' then quantity = 0 else quantity > 0 end",
    "moves": "source is distinct from target or kind = 'revaluation'",
}


def upgrade() -> None:
    """Change the rules for what is written from now on; the next revision reads the rest."""
    _hold_to(AFTER)


def downgrade() -> None:
    """Let every entry move something again."""
    _hold_to(BEFORE)


def _hold_to(rules: dict[str, str]) -> None:
    for name, rule in rules.items():
        full = f"ck_{LEDGER}_{name}"
        # What clients could rely on before still holds of all that they could write before.
        op.execute(f"""
            -- squawk-ignore ban-drop-constraint
            alter table {LEDGER} drop constraint {full}
        """)
        op.create_check_constraint(full, LEDGER, rule, postgresql_not_valid=True)
