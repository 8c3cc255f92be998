"""Sell at the counter: baskets as their tills told them, and what became of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.migrations import grant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STEPS = (
    "status, round, attempts, due_at, command_id, cause, problem, shipment_id, closed_at,"
    " closed_by, reason"
)
RULES = {
    "status_is_known": "status in ('open', 'sold', 'refused', 'uncovered', 'written_off')",
    "waits_or_rests": "(due_at is not null) = (status = 'open')",
    "ships_once_sold": "(shipment_id is not null) = (status = 'sold')",
    "is_written_off_with_a_reason": "(status = 'written_off') = (reason is not null)",
    "is_known_by_its_number": "not is_late or basket_no is not null",
}


def upgrade() -> None:
    """Make room; of a basket only what becomes of it can be changed."""
    op.create_table(
        "counter_sale",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("sale_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("basket_no", sa.Text),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("total", sa.Numeric(14, 2), nullable=False),
        sa.Column("lines", postgresql.JSONB, nullable=False),
        sa.Column("sold_at", MOMENT, nullable=False),
        sa.Column("is_late", sa.Boolean, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("taken_by", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("command_id", sa.Uuid),
        sa.Column("cause", sa.Text),
        sa.Column("problem", postgresql.JSONB),
        sa.Column("shipment_id", sa.Uuid),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.Text),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("site_id", "sale_id", name="pk_counter_sale"),
        sa.UniqueConstraint("site_id", "number", name="uq_counter_sale_site_id_number"),
        *(sa.CheckConstraint(rule, name=f"ck_counter_sale_{name}") for name, rule in RULES.items()),
        postgresql_with={"fillfactor": 60},
    )
    _create_indexes()
    grant("sales", "counter_sale", f"select, insert, update ({STEPS})")


def _create_indexes() -> None:
    op.create_index("ix_counter_sale_sale_id", "counter_sale", ["sale_id"])
    op.create_index(
        "ix_counter_sale_unfinished",
        "counter_sale",
        ["site_id", "sale_id"],
        postgresql_where=sa.text("status in ('open', 'uncovered')"),
    )
    op.create_index(
        "ix_counter_sale_due_at",
        "counter_sale",
        ["due_at"],
        postgresql_where=sa.text("due_at is not null"),
    )
    op.create_index(
        "uq_counter_sale_basket",
        "counter_sale",
        ["site_id", "device", "basket_no"],
        unique=True,
        postgresql_where=sa.text("is_late"),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("counter_sale")
