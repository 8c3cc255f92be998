"""Attach photos of the signed note to receipts; the files themselves are kept elsewhere."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of what is known of them; it is only added to."""
    op.create_table(
        "receipt_photo",
        sa.Column("photo_id", sa.Uuid, nullable=False),
        sa.Column("receipt_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("photo_id", name="pk_receipt_photo"),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.receipt_id"], name="fk_receipt_photo_receipt_id"
        ),
        sa.UniqueConstraint("receipt_id", "sha256", name="uq_receipt_photo_receipt_id_sha256"),
    )
    grant("purchasing", "receipt_photo", "select, insert")


def downgrade() -> None:
    """Forget them."""
    op.drop_table("receipt_photo")
