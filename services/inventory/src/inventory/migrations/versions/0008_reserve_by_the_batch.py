"""Reserve by the batch: what holding stock for orders needs besides."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LINE = (
    ("serials", sa.ARRAY(sa.Text)),
    ("unit", sa.Text),
    ("unit_quantity", sa.Numeric(18, 6)),
    ("unit_version", sa.Integer),
    ("kit_item_id", sa.Text),
    ("kit_line_no", sa.Integer),
)


def upgrade() -> None:
    """Let lines say what was asked for, where that is not what is held."""
    for name, kind in LINE:
        op.add_column("reservation_line", sa.Column(name, kind))


def downgrade() -> None:
    """Forget what was asked for."""
    for name, _ in LINE:
        op.drop_column("reservation_line", name)
