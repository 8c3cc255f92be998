"""Know how items are told apart, and let receipt lines name batches and serial numbers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NO = sa.text("false")


def upgrade() -> None:
    """Add the columns; what rows there are name nothing."""
    for column in (
        sa.Column("tracking", sa.Text, nullable=False, server_default="none"),
        sa.Column("disabled", sa.Boolean, nullable=False, server_default=NO),
        sa.Column("shelf_life_days", sa.Integer),
        sa.Column("kit", sa.Boolean, nullable=False, server_default=NO),
    ):
        op.add_column("item", column)
    for column in (
        sa.Column("batch_id", sa.Text, nullable=False, server_default=""),
        sa.Column("manufactured_on", sa.Date),
        sa.Column("expires_on", sa.Date),
        sa.Column("serials", ARRAY(sa.Text), nullable=False, server_default="{}"),
    ):
        op.add_column("receipt_line", column)


def downgrade() -> None:
    """Forget what they say."""
    for name in ("serials", "expires_on", "manufactured_on", "batch_id"):
        op.drop_column("receipt_line", name)
    for name in ("kit", "shelf_life_days", "disabled", "tracking"):
        op.drop_column("item", name)
