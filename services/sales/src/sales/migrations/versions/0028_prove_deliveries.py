"""Prove deliveries: photos of signed notes, and links by which customers sign."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; the files themselves are kept elsewhere."""
    op.create_table(
        "delivery_photo",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("photo_id", sa.Uuid, nullable=False),
        sa.Column("shipment_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("attached_at", MOMENT, nullable=False),
        sa.Column("attached_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "photo_id", name="pk_delivery_photo"),
        sa.UniqueConstraint("shipment_id", "sha256", name="uq_delivery_photo_shipment_id_sha256"),
        sa.CheckConstraint("kind in ('jpeg', 'png')", name="ck_delivery_photo_is_a_picture"),
    )
    grant("sales", "delivery_photo", "select, insert")
    op.create_table(
        "delivery_link",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("link_id", sa.Uuid, nullable=False),
        sa.Column("shipment_id", sa.Uuid, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("used_at", MOMENT),
        sa.Column("used_by", sa.Text),
        sa.PrimaryKeyConstraint("site_id", "link_id", name="pk_delivery_link"),
        sa.UniqueConstraint("token_hash", name="uq_delivery_link_token_hash"),
        sa.CheckConstraint(
            "(used_at is null) = (used_by is null)", name="ck_delivery_link_used_as_a_whole"
        ),
    )
    op.create_index("ix_delivery_link_shipment_id", "delivery_link", ["shipment_id"])
    grant("sales", "delivery_link", "select, insert, update (revoked_at, used_at, used_by)")


def downgrade() -> None:
    """Forget it."""
    op.drop_table("delivery_link")
    op.drop_table("delivery_photo")
