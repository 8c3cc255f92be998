"""Book invoices once, and keep what each is for as documents that are undone, never edited."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from servicekit.migrations import grant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ROLE = "purchasing"
MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)
PRINTED = sa.Numeric(28, 13)
MONEY = sa.Numeric(20, 2)


def upgrade() -> None:
    """Create the tables."""
    _invoices()
    _lines()
    _matches()
    _match_lines()
    op.create_table(
        "supplier_item_name",
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("supplier_id", "name", name="pk_supplier_item_name"),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.supplier_id"], name="fk_supplier_item_name_supplier_id"
        ),
    )
    grant(ROLE, "supplier_item_name", "select, insert, update (item_id)")


def _invoices() -> None:
    op.create_table(
        "invoice",
        sa.Column("invoice_id", sa.Uuid, nullable=False),
        *_said("supplier_id", "kind", "code", "number"),
        sa.Column("issued_on", sa.Date, nullable=False),
        *_said("seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id", "currency"),
        *_money("net", "tax", "total"),
        sa.Column("document_id", sa.Uuid),
        sa.Column("booked_at", MOMENT, nullable=False),
        *_said("booked_by", "status"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("refused_reason", sa.Text),
        sa.PrimaryKeyConstraint("invoice_id", name="pk_invoice"),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.supplier_id"], name="fk_invoice_supplier_id"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["invoice_document.document_id"], name="fk_invoice_document_id"
        ),
        sa.CheckConstraint("net + tax = total", name="ck_invoice_it_adds_up"),
        sa.CheckConstraint(
            "status in ('booked', 'held', 'matched', 'refused')", name="ck_invoice_status_is_known"
        ),
    )
    op.create_index("ix_invoice_supplier_id_invoice_id", "invoice", ["supplier_id", "invoice_id"])
    op.create_index("ix_invoice_issued_on", "invoice", ["issued_on"])
    op.create_index(
        "uq_invoice_seller_code_number",
        "invoice",
        ["seller_tax_id", "code", "number"],
        unique=True,
        postgresql_where=sa.text("status <> 'refused'"),
    )
    grant(ROLE, "invoice", "select, insert, update (status, version, refused_reason)")


def _lines() -> None:
    op.create_table(
        "invoice_line",
        sa.Column("invoice_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("quantity", PRINTED),
        sa.Column("unit_price", PRINTED),
        *_money("net"),
        sa.Column("tax_percent", sa.Numeric(5, 2), nullable=False),
        *_money("tax"),
        sa.PrimaryKeyConstraint("invoice_id", "line_no", name="pk_invoice_line"),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.invoice_id"], name="fk_invoice_line_invoice_id"
        ),
    )
    grant(ROLE, "invoice_line", "select, insert")


def _matches() -> None:
    op.create_table(
        "invoice_match",
        sa.Column("match_id", sa.Uuid, nullable=False),
        sa.Column("invoice_id", sa.Uuid, nullable=False),
        *_said("kind", "status"),
        sa.Column("at", MOMENT, nullable=False),
        *_said("by"),
        sa.Column("reason", sa.Text),
        sa.Column("accepted_at", MOMENT),
        sa.Column("accepted_by", sa.Text),
        sa.Column("undoes", sa.Uuid),
        sa.Column("differences", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("match_id", name="pk_invoice_match"),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.invoice_id"], name="fk_invoice_match_invoice_id"
        ),
    )
    op.create_index("ix_invoice_match_invoice_id", "invoice_match", ["invoice_id"])
    op.create_index(
        "uq_invoice_match_in_force",
        "invoice_match",
        ["invoice_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'match' and status in ('held', 'applied')"),
    )
    may = "update (status, reason, accepted_at, accepted_by, differences)"
    grant(ROLE, "invoice_match", f"select, insert, {may}")


def _match_lines() -> None:
    cleared = ("cleared_net", "cleared_tax", "cleared_books_net", "cleared_books_tax", "difference")
    op.create_table(
        "invoice_match_line",
        sa.Column("match_id", sa.Uuid, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("invoice_line_no", sa.Integer, nullable=False),
        sa.Column("receipt_id", sa.Uuid, nullable=False),
        sa.Column("receipt_line_no", sa.Integer, nullable=False),
        *_said("item_id", "site_id"),
        sa.Column("quantity", QUANTITY, nullable=False),
        *_money("net"),
        sa.Column("cleared_quantity", QUANTITY, nullable=False),
        *_money(*cleared),
        sa.PrimaryKeyConstraint("match_id", "place", name="pk_invoice_match_line"),
        sa.ForeignKeyConstraint(
            ["match_id"], ["invoice_match.match_id"], name="fk_invoice_match_line_match_id"
        ),
    )
    op.create_index("ix_invoice_match_line_receipt_id", "invoice_match_line", ["receipt_id"])
    may = ", ".join(("cleared_quantity", *cleared))
    grant(ROLE, "invoice_match_line", f"select, insert, update ({may})")


def _said(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _money(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, MONEY, nullable=False) for name in names]


def downgrade() -> None:
    """Forget them."""
    for table in (
        "supplier_item_name",
        "invoice_match_line",
        "invoice_match",
        "invoice_line",
        "invoice",
    ):
        op.drop_table(table)
