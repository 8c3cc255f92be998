"""Pay out what customers have in advance, and say of which payments it was."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(14, 2)


def upgrade() -> None:
    """Make room; nothing was paid out before."""
    op.create_table(
        "customer_payout",
        sa.Column("payout_id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("means", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("payout_id", name="pk_customer_payout"),
        sa.CheckConstraint("amount > 0", name="ck_customer_payout_amount_is_positive"),
    )
    by_customer = ["customer_id", "payout_id"]
    op.create_index("ix_customer_payout_customer_id", "customer_payout", by_customer)
    op.create_table(
        "customer_payout_part",
        sa.Column("payout_id", sa.Uuid, nullable=False),
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.PrimaryKeyConstraint("payout_id", "payment_id", name="pk_customer_payout_part"),
        sa.CheckConstraint("amount > 0", name="ck_customer_payout_part_amount_is_positive"),
    )
    by_payment = ["payment_id"]
    op.create_index("ix_customer_payout_part_payment_id", "customer_payout_part", by_payment)
    for table in ("customer_payout", "customer_payout_part"):
        grant("sales", table, "select, insert")


def downgrade() -> None:
    """Forget it; what was paid out stays taken from the payments it was of."""
    for table in ("customer_payout_part", "customer_payout"):
        op.drop_table(table)
