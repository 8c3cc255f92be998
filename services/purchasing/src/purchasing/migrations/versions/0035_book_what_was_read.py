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
OUTCOMES = ("booking_due", "booking_attempts", "invoice_id", "not_booked", "not_matched")
FILL = """
update invoice_document set invoice_id = booked.invoice_id
from (
    select distinct on (document_id) document_id, invoice_id from invoice
    where document_id is not null and status <> 'refused' order by document_id, invoice_id desc
) as booked
where booked.document_id = invoice_document.document_id
"""
# Built in the same transaction as what they are of: one made beside the traffic is left half done
# when it fails, and documents and invoices are few.
DUE = """
-- squawk-ignore require-concurrent-index-creation
create index ix_invoice_document_booking_due on invoice_document (document_id) where booking_due
"""
REFUSED = """
-- squawk-ignore require-concurrent-index-creation
create index ix_invoice_identity on invoice (identity) where status = 'refused'
"""
RULES = {
    "invoice_booking_is_known": "invoice_booking in ('by_hand', 'when_read')",
    "invoice_booking_has_a_start": (
        "(invoice_booking = 'when_read') = (invoice_booking_since is not null)"
    ),
}


def upgrade() -> None:
    """Nothing is booked by itself yet, and what was confirmed before never is."""
    op.add_column(
        "supplier",
        sa.Column("invoice_booking", sa.Text, nullable=False, server_default="by_hand"),
    )
    op.add_column("supplier", sa.Column("invoice_booking_since", sa.DateTime(timezone=True)))
    for name, rule in RULES.items():
        op.create_check_constraint(
            f"ck_supplier_{name}", "supplier", rule, postgresql_not_valid=True
        )
    op.add_column(
        "invoice_document",
        sa.Column("booking_due", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "invoice_document",
        sa.Column("booking_attempts", sa.Integer, nullable=False, server_default="0"),
    )
    op.add_column("invoice_document", sa.Column("invoice_id", sa.Uuid))
    for name in ("not_booked", "not_matched"):
        op.add_column("invoice_document", sa.Column(name, JSONB))
    op.execute(FILL)
    op.execute(DUE)
    op.execute(REFUSED)
    steps = f"{STEPS}, {', '.join(OUTCOMES)}"
    grant(ROLE, "invoice_document", f"select, insert, update ({steps})")


def downgrade() -> None:
    """Forget it."""
    op.drop_index("ix_invoice_identity", "invoice")
    op.drop_index("ix_invoice_document_booking_due", "invoice_document")
    for name in OUTCOMES:
        op.drop_column("invoice_document", name)
    for name in ("invoice_booking_since", "invoice_booking"):
        op.drop_column("supplier", name)
