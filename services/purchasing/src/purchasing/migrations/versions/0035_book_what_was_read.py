"""Let invoices be booked by themselves where finance wants it, and keep what came of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from servicekit.migrations import grant

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

ROLE = "purchasing"
STEPS = (
    "status, version, attempts, due_at, lease, failure, reading, doubts, read_at, confirmed_at,"
    " confirmed_by"
)
INDEX = "ix_invoice_document_booking_due"
OUTCOMES = ("booking_due", "invoice_id", "not_booked", "not_matched")
# What was booked last counts: an earlier one was refused, or there would be none after it.
FILL = """
update invoice_document set invoice_id = booked.invoice_id
from (
    select distinct on (document_id) document_id, invoice_id from invoice
    where document_id is not null order by document_id, invoice_id desc
) as booked
where booked.document_id = invoice_document.document_id
"""


def upgrade() -> None:
    """Nothing is booked by itself yet, and what was confirmed before never is."""
    op.add_column(
        "supplier",
        sa.Column("invoice_booking", sa.Text, nullable=False, server_default="by_hand"),
    )
    op.create_check_constraint(
        "ck_supplier_invoice_booking_is_known",
        "supplier",
        "invoice_booking in ('by_hand', 'when_read')",
        postgresql_not_valid=True,
    )
    op.add_column(
        "invoice_document",
        sa.Column("booking_due", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column("invoice_document", sa.Column("invoice_id", sa.Uuid))
    for name in ("not_booked", "not_matched"):
        op.add_column("invoice_document", sa.Column(name, JSONB))
    op.execute(FILL)
    steps = f"{STEPS}, {', '.join(OUTCOMES)}"
    grant(ROLE, "invoice_document", f"select, insert, update ({steps})")
    with op.get_context().autocommit_block():
        op.execute("alter table supplier validate constraint ck_supplier_invoice_booking_is_known")
        op.create_index(
            INDEX,
            "invoice_document",
            ["document_id"],
            postgresql_where=sa.text("booking_due"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Forget it."""
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, "invoice_document", postgresql_concurrently=True)
    for name in OUTCOMES:
        op.drop_column("invoice_document", name)
    op.drop_column("supplier", "invoice_booking")
