"""Know which items took free goods in: they are put up for sale only when none is left."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; of what is not for sale, nobody wrote down what it took in so far."""
    op.add_column(
        "item", sa.Column("took_free", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.execute("update item set took_free = true where in_use and not for_sale")


def downgrade() -> None:
    """Forget it."""
    op.drop_column("item", "took_free")
