"""Correct prices of posted receipts by hand, and let what is owed for them change along."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

ROLE = "purchasing"
MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)
MONEY = sa.Numeric(20, 2)
AMOUNTS = ("net", "tax", "books_net", "books_tax")
OWED = ", ".join(AMOUNTS)
LEFT = ", ".join(f"open_{name}" for name in AMOUNTS)
GONE = ", ".join(f"cleared_{name}" for name in ("quantity", *AMOUNTS))


def upgrade() -> None:
    """Create the tables, and let the service change sums that are owed."""
    _repricings()
    op.create_table(
        "repricing_line",
        sa.Column("repricing_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        *(
            sa.Column(name, QUANTITY, nullable=False)
            for name in ("quantity", "unit_cost_before", "unit_cost")
        ),
        *(sa.Column(f"{name}_change", MONEY, nullable=False) for name in AMOUNTS),
        sa.PrimaryKeyConstraint("repricing_id", "line_no", name="pk_repricing_line"),
        sa.ForeignKeyConstraint(
            ["repricing_id"], ["repricing.repricing_id"], name="fk_repricing_line_repricing_id"
        ),
        sa.CheckConstraint("unit_cost > 0", name="ck_repricing_line_unit_cost_is_positive"),
    )
    changes = ", ".join(f"{name}_change" for name in AMOUNTS)
    grant(ROLE, "repricing_line", f"select, insert, update (quantity, {changes})")
    grant(ROLE, "accrual", f"select, insert, update (status, cleared_at, {OWED}, {LEFT})")
    grant(ROLE, "accrual_line", f"select, insert, update ({OWED}, {GONE})")


def _repricings() -> None:
    op.create_table(
        "repricing",
        sa.Column("repricing_id", sa.Uuid, nullable=False),
        *_said("number"),
        sa.Column("receipt_id", sa.Uuid, nullable=False),
        *_said("receipt_number", "supplier_id", "site_id", "currency", "books_currency"),
        *_said("cause", "document"),
        sa.Column("proposed_at", MOMENT, nullable=False),
        *_said("proposed_by", "status"),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.Text),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("repricing_id", name="pk_repricing"),
        sa.UniqueConstraint("number", name="uq_repricing_number"),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.receipt_id"], name="fk_repricing_receipt_id"
        ),
        sa.CheckConstraint(
            "status in ('proposed', 'applied', 'dropped')", name="ck_repricing_status_is_known"
        ),
        sa.CheckConstraint(
            "status <> 'applied' or decided_by <> proposed_by",
            name="ck_repricing_a_second_person_approved",
        ),
    )
    op.create_index(
        "ix_repricing_receipt_id_repricing_id", "repricing", ["receipt_id", "repricing_id"]
    )
    op.create_index(
        "uq_repricing_proposed",
        "repricing",
        ["receipt_id"],
        unique=True,
        postgresql_where=sa.text("status = 'proposed'"),
    )
    grant(ROLE, "repricing", "select, insert, update (status, decided_at, decided_by, reason)")


def _said(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def downgrade() -> None:
    """Forget them."""
    op.drop_table("repricing_line")
    op.drop_table("repricing")
    grant(ROLE, "accrual", f"select, insert, update (status, cleared_at, {LEFT})")
    grant(ROLE, "accrual_line", f"select, insert, update ({GONE})")
