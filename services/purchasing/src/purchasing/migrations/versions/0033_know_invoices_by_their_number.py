"""Know invoices by their number, whoever issued them."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

# What was booked twice before stays: only the first of them is known by its number.
FILL = """
with named as (
    select
        invoice_id,
        status,
        case when length(number) = 20 then number else trim(code || ' ' || number) end as identity
    from invoice
),
firsts as (
    select distinct on (identity) invoice_id from named
    where status <> 'refused' order by identity, invoice_id
)
update invoice set identity = named.identity from named
where named.invoice_id = invoice.invoice_id
    and (named.status = 'refused' or named.invoice_id in (select invoice_id from firsts))
"""
# Built in the same transaction as what fills it: one made beside the traffic is left half done
# when it fails, and invoices are few.
INDEX = """
-- squawk-ignore require-concurrent-index-creation
create unique index uq_invoice_identity on invoice (identity) where status <> 'refused'
"""


def upgrade() -> None:
    """Name each invoice once; those of before that are there twice stay as they are."""
    op.add_column("invoice", sa.Column("identity", sa.Text))
    op.execute(FILL)
    op.execute(INDEX)


def downgrade() -> None:
    """Forget it."""
    op.drop_index("uq_invoice_identity", "invoice")
    op.drop_column("invoice", "identity")
