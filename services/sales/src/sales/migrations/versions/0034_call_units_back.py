"""Call units back by their numbers, and find the deliveries that named one."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# The numbers in a serial number as numbers, the rest as text, as inventory has it. As bytes,
# because texts are sorted in many ways.
ORDER = r"""
    create function serial_order(serial_no text) returns bytea
    language sql immutable strict parallel safe as $$
        select convert_to(
            regexp_replace(
                regexp_replace(serial_no, '([0-9]+)', repeat('0', 64) || '\1', 'g'),
                '[0-9]*([0-9]{64})(?![0-9])', '\1', 'g'),
            'UTF8')
    $$
"""


def upgrade() -> None:
    """Recalls of before were of batches, or nobody was told of their units."""
    for name in ("first_serial", "last_serial"):
        op.add_column("recall", sa.Column(name, sa.Text))
    op.execute(ORDER)
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_shipment_line_item_id_named",
            "shipment_line",
            ["item_id"],
            postgresql_where=sa.text("serials <> '{}'::text[]"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Forget them."""
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_shipment_line_item_id_named",
            "shipment_line",
            postgresql_concurrently=True,
            if_exists=True,
        )
    op.execute("drop function serial_order(text)")
    for name in ("last_serial", "first_serial"):
        op.drop_column("recall", name)
