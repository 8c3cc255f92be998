"""Keep what people let go in a warehouse whose breach lasts, so that it is not frozen again."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table: it is empty but while a breach lasts."""
    op.create_table(
        "let_go_in_breach",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("quantity", sa.Numeric(24, 6), nullable=False),
        sa.Column("serials", sa.ARRAY(sa.Text), nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "warehouse_id", "item_id", "batch_id", name="pk_let_go_in_breach"
        ),
    )
    grant("inventory", "let_go_in_breach", "select, insert, update, delete")


def downgrade() -> None:
    """Forget it."""
    op.drop_table("let_go_in_breach")
