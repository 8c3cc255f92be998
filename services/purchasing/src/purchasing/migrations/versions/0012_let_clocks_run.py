"""Let clocks run beside receipts: until they are posted, and until their supplier confirmed."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# The time until a receipt was posted is known of those that there are; who was asked to confirm
# is not.
RECEIPTS_THERE = """
insert into clock (document_id, kind, number, site_id, supplier_id, clerk, started_at, target,
    next_at, stopped_at)
select receipt_id, 'posting', number, site_id, supplier_id, received_by, received_at,
    interval '10 minutes',
    case when posted_at is null then received_at + interval '10 minutes' end, posted_at
from receipt
where status <> 'cancelled'
"""


def upgrade() -> None:
    """Create the table, and a clock for each receipt that there is."""
    op.create_table(
        "clock",
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("supplier_id", sa.Text, nullable=False),
        sa.Column("clerk", sa.Text, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("target", sa.Interval, nullable=False),
        sa.Column("next_at", MOMENT),
        sa.Column("stopped_at", MOMENT),
        sa.Column("level", sa.Integer),
        sa.Column("warning_id", sa.Uuid),
        sa.PrimaryKeyConstraint("document_id", "kind", name="pk_clock"),
        sa.CheckConstraint("kind in ('posting', 'confirmation')", name="ck_clock_kind_is_known"),
        sa.CheckConstraint(
            "stopped_at is null or next_at is null", name="ck_clock_what_stands_does_not_escalate"
        ),
    )
    op.create_index(
        "ix_clock_next_at", "clock", ["next_at"], postgresql_where=sa.text("next_at is not null")
    )
    op.create_index(
        "ix_clock_running",
        "clock",
        ["kind", "started_at"],
        postgresql_where=sa.text("stopped_at is null"),
    )
    op.create_index("ix_clock_kind_started_at", "clock", ["kind", "started_at"])
    grant("purchasing", "clock", "select, insert, update, delete")
    op.execute(RECEIPTS_THERE)


def downgrade() -> None:
    """Forget them."""
    op.drop_table("clock")
