"""Know which units are awaited, in which order units are numbered, and what stray scans concern."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# The numbers in a serial number as numbers, the rest as text; the domain's function says the same.
# As bytes, because texts are sorted in many ways.
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
SENT = """
    update stock_in_transit as sent
    set serials = line.serials, settled = coalesce((
        select array_agg(distinct serial_no)
        from stock_document as arrival
        join stock_document_line as arrived using (site_id, document_id)
        cross join unnest(arrived.serials) as serial_no
        where arrival.dispatch_id = sent.document_id and arrival.status = 'posted'
            and arrived.dispatch_line_no = sent.line_no and serial_no = any(line.serials)
    ), '{}')
    from stock_document_line as line
    where line.site_id = sent.from_site_id and line.document_id = sent.document_id
        and line.line_no = sent.line_no and line.serials <> '{}'
"""
CONCERNED = r"""
    update scan
    set facts = (facts - 'document_id')
        || jsonb_build_object('item_id', substring(facts ->> 'thing' from ' of item (\S+)$'))
    where refusal = 'wrong_warehouse' and facts ->> 'document_id' = 'None'
"""


def upgrade() -> None:
    """Say it of what is there already, then build the indexes beside the traffic."""
    for name in ("serials", "settled"):
        op.add_column(
            "stock_in_transit",
            sa.Column(name, sa.ARRAY(sa.Text), nullable=False, server_default="{}"),
        )
    op.execute(SENT)
    op.execute(CONCERNED)
    op.execute(ORDER)
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_serial_unit_order",
            "serial_unit",
            ["item_id", sa.text("serial_order(serial_no)")],
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.create_index(
            "ix_stock_balance_in_inspection",
            "stock_balance",
            ["site_id", "item_id", "warehouse_id", "batch_id"],
            postgresql_where=sa.text("in_inspection > 0"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Forget it; what scans concern stays said."""
    with op.get_context().autocommit_block():
        for name, table in (
            ("ix_stock_balance_in_inspection", "stock_balance"),
            ("ix_serial_unit_order", "serial_unit"),
        ):
            op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)
    op.execute("drop function serial_order(text)")
    for name in ("settled", "serials"):
        op.drop_column("stock_in_transit", name)
