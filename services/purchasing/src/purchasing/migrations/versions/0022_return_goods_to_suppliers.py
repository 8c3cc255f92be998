"""Return goods of receipts to suppliers, and say on receipts and accruals what became of them."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ROLE = "purchasing"
MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)
AMOUNTS = ("net", "tax", "books_net", "books_tax")
OWED = ", ".join(AMOUNTS)
LEFT = ", ".join(f"open_{name}" for name in AMOUNTS)
GONE = ", ".join(f"cleared_{name}" for name in ("quantity", *AMOUNTS))
RECEIPT_STEPS = (
    "select, insert, update (status, version, audited_at, audited_by, posted_at, posted_by,"
    " booked_at, cancelled_at, cancelled_by, held_since, held_cause"
)
RETURN_STEPS = (
    "status, version, audited_at, audited_by, posted_at, posted_by, command_id, booked_at,"
    " held_since, held_cause, cancelled_at, cancelled_by"
)


def upgrade() -> None:
    """Create the tables, and let receipts and accruals tell of returns."""
    _returns()
    _lines()
    op.add_column("receipt", sa.Column("reversed_by", sa.Uuid))
    op.add_column("receipt", sa.Column("reversed_by_number", sa.Text))
    grant(ROLE, "receipt", f"{RECEIPT_STEPS}, reversed_by, reversed_by_number)")
    returned = sa.Column("returned", QUANTITY, nullable=False, server_default=sa.text("0"))
    op.add_column("receipt_line", returned)
    op.execute(
        "alter table receipt_line add constraint ck_receipt_line_no_more_went_back_than_came"
        " check (returned between 0 and quantity) not valid"
    )
    grant(ROLE, "receipt_line", "select, insert, update (arrived_in, arrival_rule, returned)")
    op.add_column("accrual", sa.Column("return_id", sa.Uuid))
    grant(ROLE, "accrual_line", f"select, insert, update (quantity, {OWED}, {GONE})")
    op.add_column("invoice_match_line", sa.Column("return_id", sa.Uuid))


def _returns() -> None:
    op.create_table(
        "purchase_return",
        sa.Column("return_id", sa.Uuid, nullable=False),
        *_said("number", "cause"),
        sa.Column("note", sa.Text),
        sa.Column("replace", sa.Boolean, nullable=False),
        sa.Column("receipt_id", sa.Uuid, nullable=False),
        *_said("receipt_number"),
        sa.Column("order_id", sa.Uuid, nullable=False),
        *_said("supplier_id", "site_id", "warehouse_id"),
        sa.Column("drafted_at", MOMENT, nullable=False),
        *_said("drafted_by", "status"),
        sa.Column("version", sa.Integer, nullable=False),
        *_taken("audited", "posted"),
        sa.Column("command_id", sa.Uuid),
        sa.Column("booked_at", MOMENT),
        sa.Column("held_since", MOMENT),
        sa.Column("held_cause", sa.Text),
        *_taken("cancelled"),
        sa.PrimaryKeyConstraint("return_id", name="pk_purchase_return"),
        sa.UniqueConstraint("number", name="uq_purchase_return_number"),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.receipt_id"], name="fk_purchase_return_receipt_id"
        ),
        sa.CheckConstraint(
            "status in ('draft', 'audited', 'posting', 'posted', 'cancelled')",
            name="ck_purchase_return_status_is_known",
        ),
        sa.CheckConstraint(
            "(status in ('posting', 'posted')) = (posted_at is not null)",
            name="ck_purchase_return_posted_once_decided",
        ),
    )
    name = "ix_purchase_return"
    open_ones = sa.text("status in ('draft', 'audited', 'posting')")
    op.create_index(f"{name}_open", "purchase_return", ["site_id"], postgresql_where=open_ones)
    op.create_index(
        f"{name}_posting",
        "purchase_return",
        ["posted_at"],
        postgresql_where=sa.text("status = 'posting'"),
    )
    op.create_index(f"{name}_receipt_id", "purchase_return", ["receipt_id"])
    op.create_index(
        f"{name}_supplier_id_return_id", "purchase_return", ["supplier_id", "return_id"]
    )
    grant(ROLE, "purchase_return", f"select, insert, update ({RETURN_STEPS})")


def _lines() -> None:
    op.create_table(
        "purchase_return_line",
        sa.Column("return_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("receipt_line_no", sa.Integer, nullable=False),
        *_said("item_id", "unit"),
        sa.Column("quantity", QUANTITY, nullable=False),
        *_said("batch_id"),
        sa.Column("serials", sa.ARRAY(sa.Text), nullable=False),
        *_said("warehouse_id"),
        sa.Column("goods_status", sa.Text),
        sa.Column("returned_before", QUANTITY),
        sa.PrimaryKeyConstraint("return_id", "line_no", name="pk_purchase_return_line"),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["purchase_return.return_id"],
            name="fk_purchase_return_line_return_id",
        ),
        sa.CheckConstraint("quantity > 0", name="ck_purchase_return_line_quantity_is_positive"),
    )
    grant(ROLE, "purchase_return_line", "select, insert, update (returned_before)")


def _said(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _taken(*steps: str) -> list[sa.Column[object]]:
    return [
        column
        for step in steps
        for column in (sa.Column(f"{step}_at", MOMENT), sa.Column(f"{step}_by", sa.Text))
    ]


def downgrade() -> None:
    """Forget them."""
    op.drop_column("invoice_match_line", "return_id")
    grant(ROLE, "accrual_line", f"select, insert, update ({OWED}, {GONE})")
    op.drop_column("accrual", "return_id")
    op.execute(
        "alter table receipt_line drop constraint ck_receipt_line_no_more_went_back_than_came"
    )
    op.drop_column("receipt_line", "returned")
    grant(ROLE, "receipt_line", "select, insert, update (arrived_in, arrival_rule)")
    op.drop_column("receipt", "reversed_by_number")
    op.drop_column("receipt", "reversed_by")
    grant(ROLE, "receipt", f"{RECEIPT_STEPS})")
    op.drop_table("purchase_return_line")
    op.drop_table("purchase_return")
