"""Find goods elsewhere: where sites are, who ships for others, and requests of several orders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from servicekit.migrations import grant

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

CHANGING = "status, attempt, tried, rule, considered, problem, payment_id, cause, waits, due_at"
STATUSES = "'placing', 'held', 'refused', 'paying', 'paid', 'cancelling', 'cancelled'"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, and room for what inventory says of sites and substitutes."""
    for name in ("latitude", "longitude"):
        op.add_column("site", sa.Column(name, sa.Numeric(9, 6)))
    op.add_column(
        "warehouse",
        sa.Column("ships_for_others", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    _create_preferences()
    _create_requests()
    _create_parts()


def _create_preferences() -> None:
    op.create_table(
        "sourcing_preference",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("sources", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("site_id", name="pk_sourcing_preference"),
    )
    grant("sales", "sourcing_preference", "select, insert, update (sources, set_at, set_by)")


def _create_requests() -> None:
    op.create_table(
        "sourcing_request",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("request_id", sa.Uuid, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("number", "customer_id", "warehouse_id", "currency", "channel", "mode")
        ),
        sa.Column("total", sa.Numeric(14, 2), nullable=False),
        sa.Column("ttl_seconds", sa.Integer, nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("placed_by", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("tried", JSONB, nullable=False),
        sa.Column("rule", sa.Text),
        sa.Column("considered", JSONB, nullable=False),
        sa.Column("problem", JSONB),
        sa.Column("payment_id", sa.Uuid),
        sa.Column("cause", sa.Text),
        sa.Column("waits", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "request_id", name="pk_sourcing_request"),
        sa.UniqueConstraint("site_id", "number", name="uq_sourcing_request_site_id_number"),
        sa.CheckConstraint(f"status in ({STATUSES})", name="ck_sourcing_request_status_is_known"),
        sa.CheckConstraint(
            "(due_at is not null) = (status in ('placing', 'paying', 'cancelling'))",
            name="ck_sourcing_request_waits_or_rests",
        ),
    )
    op.create_index("ix_sourcing_request_request_id", "sourcing_request", ["request_id"])
    op.create_index(
        "ix_sourcing_request_due_at",
        "sourcing_request",
        ["due_at"],
        postgresql_where=sa.text("due_at is not null"),
    )
    grant("sales", "sourcing_request", f"select, insert, update ({CHANGING})")


def _create_parts() -> None:
    op.create_table(
        "sourcing_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quantity", sa.Numeric(18, 6), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("substitute_for", sa.Text),
        sa.PrimaryKeyConstraint("site_id", "request_id", "line_no", name="pk_sourcing_line"),
        sa.CheckConstraint("quantity > 0", name="ck_sourcing_line_quantity_is_positive"),
        sa.CheckConstraint("amount >= 0", name="ck_sourcing_line_amount_is_not_negative"),
    )
    op.create_table(
        "sourcing_order",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("source_site_id", sa.Text, nullable=False),
        sa.Column("source_warehouse_id", sa.Text, nullable=False),
        sa.Column("distance_m", sa.Integer),
        sa.Column("line_nos", sa.ARRAY(sa.Integer), nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "request_id", "attempt", "order_id", name="pk_sourcing_order"
        ),
    )
    op.create_index("ix_sourcing_order_order_id", "sourcing_order", ["order_id"])
    for table in ("sourcing_line", "sourcing_order"):
        grant("sales", table, "select, insert")


def downgrade() -> None:
    """Forget it; orders stay."""
    for table in ("sourcing_order", "sourcing_line", "sourcing_request", "sourcing_preference"):
        op.drop_table(table)
    op.drop_column("warehouse", "ships_for_others")
    for name in ("longitude", "latitude"):
        op.drop_column("site", name)
