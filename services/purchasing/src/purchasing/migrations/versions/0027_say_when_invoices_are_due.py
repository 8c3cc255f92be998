"""Say by when invoices are to be paid."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

DUE = """
update invoice set due_on = issued_on + supplier.payment_days
from supplier where supplier.supplier_id = invoice.supplier_id
    and invoice.issued_on < date '9990-01-01'
"""


def upgrade() -> None:
    """Those of before are due by the terms that the supplier has now."""
    op.add_column("invoice", sa.Column("due_on", sa.Date))
    op.execute(DUE)


def downgrade() -> None:
    """Forget it."""
    op.drop_column("invoice", "due_on")
