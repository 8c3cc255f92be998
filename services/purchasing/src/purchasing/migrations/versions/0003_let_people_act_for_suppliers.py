"""Know who acts for which supplier."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; nobody acts for anybody yet."""
    op.create_table(
        "portal_user",
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_portal_user"),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.supplier_id"], name="fk_portal_user_supplier_id"
        ),
    )
    op.create_index("ix_portal_user_supplier_id_subject", "portal_user", ["supplier_id", "subject"])
    grant("purchasing", "portal_user", "select, insert, delete")


def downgrade() -> None:
    """Forget them."""
    op.drop_table("portal_user")
