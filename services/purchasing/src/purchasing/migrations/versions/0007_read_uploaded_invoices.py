"""Keep uploaded invoices and what was read in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from servicekit.migrations import grant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STEPS = (
    "status, version, attempts, due_at, lease, failure, reading, doubts, read_at, confirmed_at,"
    " confirmed_by"
)


def upgrade() -> None:
    """Create the tables; a file once uploaded is never changed."""
    op.create_table(
        "invoice_document",
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("supplier_id", sa.Text),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("uploaded_by", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("lease", sa.Uuid),
        sa.Column("failure", JSONB),
        sa.Column("reading", JSONB),
        sa.Column("doubts", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("read_at", MOMENT),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("confirmed_by", sa.Text),
        sa.PrimaryKeyConstraint("document_id", name="pk_invoice_document"),
        sa.UniqueConstraint("sha256", name="uq_invoice_document_sha256"),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.supplier_id"], name="fk_invoice_document_supplier_id"
        ),
        sa.CheckConstraint(
            "status in ('waiting', 'reading', 'read', 'confirmed', 'failed')",
            name="ck_invoice_document_status_is_known",
        ),
        sa.CheckConstraint(
            "(status = 'reading') = (lease is not null)",
            name="ck_invoice_document_readers_hold_a_lease",
        ),
    )
    op.create_index(
        "ix_invoice_document_supplier_id_document_id",
        "invoice_document",
        ["supplier_id", "document_id"],
    )
    op.create_index(
        "ix_invoice_document_due",
        "invoice_document",
        ["document_id"],
        postgresql_where=sa.text("status in ('waiting', 'reading')"),
    )
    op.create_table(
        "invoice_document_content",
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_invoice_document_content"),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["invoice_document.document_id"],
            name="fk_invoice_document_content_document_id",
        ),
    )
    grant("purchasing", "invoice_document", f"select, insert, update ({STEPS})")
    grant("purchasing", "invoice_document_content", "select, insert")


def downgrade() -> None:
    """Forget them."""
    op.drop_table("invoice_document_content")
    op.drop_table("invoice_document")
