"""Know which items are for sale."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; the items there are were for sale so far."""
    yes, no = sa.text("true"), sa.text("false")
    op.add_column("item", sa.Column("for_sale", sa.Boolean, nullable=False, server_default=yes))
    op.add_column("item", sa.Column("disabled", sa.Boolean, nullable=False, server_default=no))


def downgrade() -> None:
    """Forget what they say."""
    op.drop_column("item", "disabled")
    op.drop_column("item", "for_sale")
