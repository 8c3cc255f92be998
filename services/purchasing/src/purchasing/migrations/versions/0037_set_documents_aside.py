"""Let invoice documents be set aside, and scan sessions that ran out be forgotten."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

ROLE = "purchasing"
MOMENT = sa.DateTime(timezone=True)
ASIDE = {
    "set_aside_at": MOMENT,
    "set_aside_by": sa.Text,
    "set_aside_reason": sa.Text,
    "taken_up_at": MOMENT,
    "taken_up_by": sa.Text,
}
# Nothing is set aside yet: it is empty, and made at once.
NUMBERS = """
-- squawk-ignore require-concurrent-index-creation
create index ix_invoice_document_set_aside_number
on invoice_document ((reading #>> '{head,number,value}'))
where set_aside_at is not null and taken_up_at is null
"""


def upgrade() -> None:
    """Make room; nothing is set aside by it."""
    for name, kind in ASIDE.items():
        op.add_column("invoice_document", sa.Column(name, kind))
    op.execute(NUMBERS)
    op.execute(f"grant update ({', '.join(ASIDE)}) on invoice_document to {ROLE}")
    grant(ROLE, "scan_session", "select, insert, update, delete")


def downgrade() -> None:
    """Forget what was set aside."""
    grant(ROLE, "scan_session", "select, insert, update")
    op.drop_index("ix_invoice_document_set_aside_number", "invoice_document")
    for name in ASIDE:
        op.drop_column("invoice_document", name)
