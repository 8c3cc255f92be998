"""Open the values: valuations, value entries, facts that wait, rebuilds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.migrations import create_plumbing, drop_plumbing, grant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLE = "costing"
MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)
MONEY = sa.Numeric(20, 2)

# What was entered stays as it was: a correction is an entry of its own.
APPEND_ONLY = (
    """
    create function refuse_entry_change() returns trigger language plpgsql as $$
    begin
        raise exception 'value entries are never changed: enter a correction'
            using errcode = 'restrict_violation';
    end $$
    """,
    """
    create trigger value_entry_append_only before update or delete or truncate on value_entry
    for each statement execute function refuse_entry_change()
    """,
    "alter table value_entry enable always trigger value_entry_append_only",
)


def upgrade() -> None:
    """Create the tables and say what the service may do with each."""
    create_plumbing(ROLE)
    create_values()
    create_rebuilds()


def create_values() -> None:
    """Create values, their entries, and facts that came before their turn."""
    op.create_table(
        "valuation",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("value", MONEY, nullable=False),
        sa.Column("carried", sa.Numeric(30, 12), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "item_id", name="pk_valuation"),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_valuation_quantity")),
        sa.CheckConstraint(
            "quantity > 0 or value = 0", name=op.f("ck_valuation_no_value_without_stock")
        ),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "value_entry",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("value", MONEY, nullable=False),
        sa.Column("unit_cost", QUANTITY, nullable=False),
        sa.Column("quantity_after", QUANTITY, nullable=False),
        sa.Column("value_after", MONEY, nullable=False),
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("document_number", sa.Text, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("order_id", sa.Uuid),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.Column("costed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "item_id", "sequence", name="pk_value_entry"),
    )
    op.create_index("ix_value_entry_document_id", "value_entry", ["document_id"])
    op.create_table(
        "pending_fact",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "item_id", "sequence", name="pk_pending_fact"),
    )
    op.create_index("ix_pending_fact_since", "pending_fact", ["since"])
    for statement in APPEND_ONLY:
        op.execute(statement)
    grant(ROLE, "valuation", "select, insert, update")
    grant(ROLE, "value_entry", "select, insert")
    grant(ROLE, "pending_fact", "select, insert, delete")


def create_rebuilds() -> None:
    """Create the rebuilds asked for."""
    op.create_table(
        "rebuild",
        sa.Column("rebuild_id", sa.Uuid, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("streams", sa.BigInteger, nullable=False),
        sa.Column("entries", sa.BigInteger, nullable=False),
        sa.Column("different", sa.BigInteger, nullable=False),
        sa.Column("differences", postgresql.JSONB, nullable=False),
        sa.PrimaryKeyConstraint("rebuild_id", name="pk_rebuild"),
    )
    grant(ROLE, "rebuild", "select, insert, update")


def downgrade() -> None:
    """Drop everything."""
    for table in ("rebuild", "pending_fact", "value_entry", "valuation"):
        op.drop_table(table)
    op.execute("drop function refuse_entry_change()")
    drop_plumbing()
