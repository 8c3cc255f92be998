"""Post stock documents of all kinds, and keep goods in transit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from servicekit.migrations import grant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROLE = "inventory"
MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)

# What is posted or cancelled stays; all that may still come is the document that reverses it.
CLOSED = (
    """
    create function refuse_document_change() returns trigger language plpgsql as $$
    declare
        changing constant text[] := array['status', 'version', 'reversed_by'];
    begin
        if tg_op = 'UPDATE' and old.status = 'posted' and new.status = 'reversed'
            and to_jsonb(new) - changing = to_jsonb(old) - changing
        then
            return new;
        end if;
        raise exception 'document % is %: post a document that reverses it',
            old.number, old.status using errcode = 'restrict_violation';
    end $$
    """,
    """
    create trigger stock_document_closed before update or delete on stock_document
    for each row when (old.status in ('posted', 'reversed', 'cancelled'))
    execute function refuse_document_change()
    """,
    "alter table stock_document enable always trigger stock_document_closed",
    """
    create function refuse_document_line_change() returns trigger language plpgsql as $$
    begin
        if exists (
            select from changed join stock_document using (site_id, document_id)
            where status <> 'draft'
        ) then
            raise exception 'only the lines of a draft can be changed'
                using errcode = 'restrict_violation';
        end if;
        return null;
    end $$
    """,
)
LINE_TRIGGERS = {"insert": "new", "update": "old", "delete": "old"}


def upgrade() -> None:
    """Create documents, and what is in transit between them."""
    create_documents()
    create_lines()
    op.create_table(
        "stock_document_counter",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "prefix", "day", name="pk_stock_document_counter"),
    )
    create_transit()
    for statement in CLOSED:
        op.execute(statement)
    for event, rows in LINE_TRIGGERS.items():
        name = f"stock_document_line_{event}"
        op.execute(
            f"create trigger {name} after {event} on stock_document_line"
            f" referencing {rows} table as changed"
            " for each statement execute function refuse_document_line_change()"
        )
        op.execute(f"alter table stock_document_line enable always trigger {name}")
    grant(ROLE, "stock_document", "select, insert, update")
    grant(ROLE, "stock_document_line", "select, insert, delete")
    grant(ROLE, "stock_document_entry", "select, insert")
    grant(ROLE, "stock_document_counter", "select, insert, update")
    grant(ROLE, "stock_in_transit", "select, insert, update")


def create_documents() -> None:
    """Create the heads of documents."""
    op.create_table(
        "stock_document",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("effective_at", MOMENT),
        sa.Column("source_document", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("department", sa.Text),
        sa.Column("currency", sa.Text),
        sa.Column("to_site_id", sa.Text),
        sa.Column("to_warehouse_id", sa.Text),
        sa.Column("expected_at", MOMENT),
        sa.Column("over_percent", sa.Integer, nullable=False),
        sa.Column("dispatch_id", sa.Uuid),
        sa.Column("reverses", sa.Uuid),
        sa.Column("reversed_by", sa.Uuid),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("drafted_by", sa.Text, nullable=False),
        sa.Column("drafted_with", sa.Text),
        sa.Column("lines_by", sa.Text, nullable=False),
        sa.Column("audited_at", MOMENT),
        sa.Column("audited_by", sa.Text),
        sa.Column("approved_at", MOMENT),
        sa.Column("approved_by", sa.Text),
        sa.Column("posted_at", MOMENT),
        sa.Column("posted_by", sa.Text),
        sa.Column("posted_with", sa.Text),
        sa.Column("cancelled_at", MOMENT),
        sa.Column("cancelled_by", sa.Text),
        sa.PrimaryKeyConstraint("site_id", "document_id", name="pk_stock_document"),
        sa.CheckConstraint(
            "(status in ('posted', 'reversed')) ="
            " (posted_at is not null and posted_by is not null)",
            name="ck_stock_document_posted",
        ),
        sa.CheckConstraint(
            "(status = 'reversed') = (reversed_by is not null)", name="ck_stock_document_reversed"
        ),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_at is not null)",
            name="ck_stock_document_cancelled",
        ),
    )
    index("uq_stock_document_document_id", ["document_id"], unique=True)
    index("uq_stock_document_number", ["number"], unique=True)
    index("uq_stock_document_reverses", ["reverses"], "reverses is not null", unique=True)
    index("ix_stock_document_source_document", ["source_document"], "source_document is not null")
    index("ix_stock_document_dispatch_id", ["dispatch_id"], "dispatch_id is not null")
    index("ix_stock_document_open", ["site_id", "document_id"], "status in ('draft', 'audited')")


def index(name: str, columns: list[str], where: str | None = None, *, unique: bool = False) -> None:
    """Create an index of the heads."""
    given = {} if where is None else {"postgresql_where": sa.text(where)}
    op.create_index(name, "stock_document", columns, unique=unique, **given)


def create_lines() -> None:
    """Create the lines of documents, and which entries posting them made."""
    op.create_table(
        "stock_document_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("unit_quantity", QUANTITY, nullable=False),
        sa.Column("unit_version", sa.Integer, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("target", sa.Text),
        sa.Column("serials", ARRAY(sa.Text), nullable=False),
        sa.Column("unit_cost", QUANTITY),
        sa.Column("rule", sa.Text),
        sa.Column("dispatch_line_no", sa.Integer),
        sa.PrimaryKeyConstraint("site_id", "document_id", "line_no", name="pk_stock_document_line"),
        sa.CheckConstraint("quantity > 0", name="ck_stock_document_line_quantity"),
        sa.CheckConstraint("source is distinct from target", name="ck_stock_document_line_moves"),
    )
    op.create_index(
        "ix_stock_document_line_item", "stock_document_line", ["item_id", "document_id"]
    )
    op.create_table(
        "stock_document_entry",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("entry_no", sa.Integer, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "document_id", "entry_no", name="pk_stock_document_entry"
        ),
    )


def create_transit() -> None:
    """Create what has left one warehouse for another."""
    op.create_table(
        "stock_in_transit",
        sa.Column("to_site_id", sa.Text, nullable=False),
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("from_site_id", sa.Text, nullable=False),
        sa.Column("from_warehouse_id", sa.Text, nullable=False),
        sa.Column("to_warehouse_id", sa.Text, nullable=False),
        sa.Column("dispatch_sequence", sa.BigInteger, nullable=False),
        sa.Column("dispatched_at", MOMENT, nullable=False),
        sa.Column("expected_at", MOMENT),
        sa.Column("dispatched", QUANTITY, nullable=False),
        sa.Column("outstanding", QUANTITY, nullable=False),
        sa.Column("tolerated", QUANTITY, nullable=False),
        sa.Column("surplus", QUANTITY, nullable=False),
        sa.PrimaryKeyConstraint("to_site_id", "document_id", "line_no", name="pk_stock_in_transit"),
        sa.CheckConstraint(
            "outstanding between 0 and dispatched", name="ck_stock_in_transit_outstanding"
        ),
        sa.CheckConstraint("surplus between 0 and tolerated", name="ck_stock_in_transit_surplus"),
    )
    op.create_index(
        "ix_stock_in_transit_outstanding",
        "stock_in_transit",
        ["to_site_id", "item_id"],
        postgresql_where=sa.text("outstanding > 0"),
    )


def downgrade() -> None:
    """Forget the documents; the ledger keeps what they did."""
    for table in (
        "stock_in_transit",
        "stock_document_counter",
        "stock_document_entry",
        "stock_document_line",
        "stock_document",
    ):
        op.drop_table(table)
    op.execute("drop function refuse_document_line_change()")
    op.execute("drop function refuse_document_change()")
