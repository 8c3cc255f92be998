"""Keep recalls, who was told of them, and find the deliveries of a batch."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Within the migration's transaction: before the first release there are not so many shipments that
# anybody would wait, and an index made concurrently is left half done when it fails.
DELIVERIES_OF_A_BATCH = """
    -- squawk-ignore require-concurrent-index-creation
    create index ix_shipment_line_item_id_batch_id on shipment_line (item_id, batch_id)
    where batch_id <> ''
"""


def upgrade() -> None:
    """Make room."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "recall",
        sa.Column("recall_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("batches", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("recall_class", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ordered_at", moment, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("closed_at", moment),
        sa.PrimaryKeyConstraint("recall_id", name="pk_recall"),
    )
    grant("sales", "recall", "select, insert, update (outcome, closed_at)")
    op.create_table(
        "recall_notice",
        sa.Column("notice_id", sa.Uuid, nullable=False),
        sa.Column("recall_id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("informed_at", moment, nullable=False),
        sa.Column("informed_by", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("notice_id", name="pk_recall_notice"),
    )
    columns = ["recall_id", "customer_id", "notice_id"]
    op.create_index("ix_recall_notice_recall_id_customer_id", "recall_notice", columns)
    grant("sales", "recall_notice", "select, insert")
    op.execute(DELIVERIES_OF_A_BATCH)


def downgrade() -> None:
    """Forget all three."""
    op.drop_index("ix_shipment_line_item_id_batch_id", "shipment_line")
    op.drop_table("recall_notice")
    op.drop_table("recall")
