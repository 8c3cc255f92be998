"""List output invoices: rates of VAT, and how invoices name customers."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make room."""
    op.create_table(
        "output_vat_rate",
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("percent", sa.Numeric(5, 2), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", "valid_from", name="pk_output_vat_rate"),
        sa.CheckConstraint("percent between 0 and 100", name="ck_output_vat_rate_percent"),
        sa.CheckConstraint(
            "(scope = 'general') = (name = '')", name="ck_output_vat_rate_scope_is_named"
        ),
    )
    grant("sales", "output_vat_rate", "select, insert, update (percent, set_at, set_by)")
    op.create_table(
        "invoice_buyer",
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("tax_number", sa.Text),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_invoice_buyer"),
    )
    grant("sales", "invoice_buyer", "select, insert, update (title, tax_number, set_at, set_by)")


def downgrade() -> None:
    """Forget them."""
    op.drop_table("invoice_buyer")
    op.drop_table("output_vat_rate")
