"""Say why a batch is blocked: a refusal names the recall."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TELL = """
    update batch set blocked_by = recall.number, blocked_because = recall.reason
    from recall
    where batch.blocked and recall.item_id = batch.item_id
        and batch.batch_id = any(recall.batches)
        and recall.outcome is distinct from 'withdrawn'
"""


def upgrade() -> None:
    """Add what the recalls know already."""
    op.add_column("batch", sa.Column("blocked_by", sa.Text))
    op.add_column("batch", sa.Column("blocked_because", sa.Text))
    op.execute(TELL)


def downgrade() -> None:
    """Forget it; the recalls still know."""
    op.drop_column("batch", "blocked_because")
    op.drop_column("batch", "blocked_by")
