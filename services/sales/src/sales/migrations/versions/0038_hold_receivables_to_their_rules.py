"""Check what was owed before changes could add to it, in a transaction of its own."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

RULES = ("nothing_is_negative", "is_not_paid_twice", "is_settled_or_open")


def upgrade() -> None:
    """Validate the rules, beside the traffic; whoever is refused the lock does just this again."""
    with op.get_context().autocommit_block():
        for rule in RULES:
            op.execute(f"alter table receivable validate constraint ck_receivable_{rule}")


def downgrade() -> None:
    """Nothing: a rule that was checked is the same rule."""
