"""Let suppliers confirm and dispute receipts, and accrue what is owed for them."""

from datetime import date

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROLE = "purchasing"
MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)
PERCENT = sa.Numeric(5, 2)
AMOUNTS = ("net", "tax", "books_net", "books_tax")
RATES = (
    (13, "一般货物", True),
    (9, "农产品、交通运输等", False),
    (6, "现代服务", False),
    (5, "简易计税", False),
    (3, "小规模纳税人", False),
    (1, "小规模减征", False),
    (0, "零税率、免税", False),
)
IN_FORCE_SINCE = date(2019, 4, 1)


def upgrade() -> None:
    """Create the tables, and name the rates in force since 2019-04-01."""
    _rates()
    _confirmations()
    _accruals()


def _rates() -> None:
    table = op.create_table(
        "vat_rate",
        sa.Column("percent", PERCENT, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("general", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.PrimaryKeyConstraint("percent", "valid_from", name="pk_vat_rate"),
        sa.CheckConstraint("percent between 0 and 100", name="ck_vat_rate_percent_is_a_share"),
    )
    rates = [
        {"percent": percent, "valid_from": IN_FORCE_SINCE, "name": name, "general": general}
        for percent, name, general in RATES
    ]
    op.bulk_insert(table, rates)
    op.create_table(
        "supplier_vat_rate",
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("percent", PERCENT, nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("supplier_id", name="pk_supplier_vat_rate"),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.supplier_id"], name="fk_supplier_vat_rate_supplier_id"
        ),
    )
    for table in ("vat_rate", "supplier_vat_rate"):
        grant(ROLE, table, "select, insert, update")


def _confirmations() -> None:
    op.create_table(
        "receipt_confirmation",
        sa.Column("receipt_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("confirmed_by", sa.Text),
        sa.PrimaryKeyConstraint("receipt_id", name="pk_receipt_confirmation"),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.receipt_id"], name="fk_receipt_confirmation_receipt_id"
        ),
        sa.CheckConstraint(
            "status in ('open', 'disputed', 'confirmed')",
            name="ck_receipt_confirmation_status_is_known",
        ),
    )
    grant(
        ROLE, "receipt_confirmation", "select, insert, update (status, confirmed_at, confirmed_by)"
    )
    for table, key, columns in (
        (
            "receipt_confirmation_line",
            "line_no",
            (
                sa.Column("item_id", sa.Text, nullable=False),
                sa.Column("recorded", QUANTITY, nullable=False),
            ),
        ),
        (
            "receipt_confirmation_step",
            "step_no",
            (
                sa.Column("line_no", sa.Integer, nullable=False),
                sa.Column("at", MOMENT, nullable=False),
                sa.Column("by", sa.Text, nullable=False),
                sa.Column("note", sa.Text),
                sa.Column("correction", sa.Text),
                sa.Column("correction_quantity", QUANTITY),
            ),
        ),
    ):
        op.create_table(
            table,
            sa.Column("receipt_id", sa.Uuid, nullable=False),
            sa.Column(key, sa.Integer, nullable=False),
            *columns,
            *_answered(),
            sa.PrimaryKeyConstraint("receipt_id", key, name=f"pk_{table}"),
            sa.ForeignKeyConstraint(
                ["receipt_id"], ["receipt_confirmation.receipt_id"], name=f"fk_{table}_receipt_id"
            ),
        )
    grant(ROLE, "receipt_confirmation_line", "select, insert, update (verdict, reason, claimed)")
    grant(ROLE, "receipt_confirmation_step", "select, insert")


def _answered() -> list[sa.Column[object]]:
    return [
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("claimed", QUANTITY),
    ]


def _accruals() -> None:
    op.create_table(
        "accrual",
        sa.Column("accrual_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("receipt_id", sa.Uuid, nullable=False),
        sa.Column("receipt_number", sa.Text, nullable=False),
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("raised_by", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("books_currency", sa.Text, nullable=False),
        sa.Column("rate", QUANTITY),
        *_amounts("", "open_"),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("cleared_at", MOMENT),
        sa.PrimaryKeyConstraint("accrual_id", name="pk_accrual"),
        sa.UniqueConstraint("number", name="uq_accrual_number"),
        sa.UniqueConstraint("receipt_id", name="uq_accrual_receipt_id"),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.receipt_id"], name="fk_accrual_receipt_id"
        ),
        sa.CheckConstraint("status in ('open', 'cleared')", name="ck_accrual_status_is_known"),
    )
    op.create_index("ix_accrual_supplier_id_accrual_id", "accrual", ["supplier_id", "accrual_id"])
    op.create_index("ix_accrual_period_site_id", "accrual", ["period", "site_id"])
    op.create_table(
        "accrual_line",
        sa.Column("accrual_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("tax_percent", PERCENT, nullable=False),
        *_amounts("", "cleared_"),
        sa.Column("cleared_quantity", QUANTITY, nullable=False),
        sa.PrimaryKeyConstraint("accrual_id", "line_no", name="pk_accrual_line"),
        sa.ForeignKeyConstraint(
            ["accrual_id"], ["accrual.accrual_id"], name="fk_accrual_line_accrual_id"
        ),
        sa.CheckConstraint(
            "cleared_quantity between 0 and quantity",
            name="ck_accrual_line_no_more_is_cleared_than_owed",
        ),
    )
    left = ", ".join(f"open_{name}" for name in AMOUNTS)
    grant(ROLE, "accrual", f"select, insert, update (status, cleared_at, {left})")
    gone = ", ".join(f"cleared_{name}" for name in ("quantity", *AMOUNTS))
    grant(ROLE, "accrual_line", f"select, insert, update ({gone})")


def _amounts(*prefixes: str) -> list[sa.Column[object]]:
    return [
        sa.Column(f"{prefix}{name}", sa.Numeric(20, 2), nullable=False)
        for prefix in prefixes
        for name in AMOUNTS
    ]


def downgrade() -> None:
    """Forget them."""
    for table in (
        "accrual_line",
        "accrual",
        "receipt_confirmation_step",
        "receipt_confirmation_line",
        "receipt_confirmation",
        "supplier_vat_rate",
        "vat_rate",
    ):
        op.drop_table(table)
