"""Take goods back: returns with their lines."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STEPS = (
    "status, version, audited_at, audited_by, posted_at, posted_by, booked_at, cancelled_at,"
    " cancelled_by, refund, exchange_order_id"
)


def upgrade() -> None:
    """Make room; of what came back only the steps and what is paid for it can be changed."""
    _create_returns()
    _create_lines()
    grant("sales", "customer_return", f"select, insert, update ({STEPS})")
    grant("sales", "customer_return_line", "select, insert, update (returned_before, amount)")


def _create_returns() -> None:
    op.create_table(
        "customer_return",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("return_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("shipment_id", sa.Uuid, nullable=False),
        sa.Column("shipment_number", sa.Text, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("warehouse_id", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("returned_at", MOMENT, nullable=False),
        sa.Column("returned_by", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("audited_at", MOMENT),
        sa.Column("audited_by", sa.Text),
        sa.Column("posted_at", MOMENT),
        sa.Column("posted_by", sa.Text),
        sa.Column("booked_at", MOMENT),
        sa.Column("cancelled_at", MOMENT),
        sa.Column("cancelled_by", sa.Text),
        sa.Column("refund", sa.Numeric(14, 2)),
        sa.Column("exchange_order_id", sa.Uuid),
        sa.PrimaryKeyConstraint("site_id", "return_id", name="pk_customer_return"),
        sa.UniqueConstraint("site_id", "number", name="uq_customer_return_site_id_number"),
        sa.CheckConstraint(
            "status in ('draft', 'audited', 'posting', 'posted', 'cancelled')",
            name="ck_customer_return_status_is_known",
        ),
        sa.CheckConstraint(
            "(refund is not null) = (status in ('posting', 'posted'))",
            name="ck_customer_return_refunds_once_posted",
        ),
    )
    for column in ("return_id", "shipment_id"):
        op.create_index(f"ix_customer_return_{column}", "customer_return", [column])


def _create_lines() -> None:
    op.create_table(
        "customer_return_line",
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("return_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("shipment_line_no", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("quantity", sa.Numeric(18, 6), nullable=False),
        sa.Column("batch_id", sa.Text, nullable=False),
        sa.Column("serials", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("returned_before", sa.Numeric(18, 6)),
        sa.Column("amount", sa.Numeric(14, 2)),
        sa.PrimaryKeyConstraint("site_id", "return_id", "line_no", name="pk_customer_return_line"),
        sa.CheckConstraint("quantity > 0", name="ck_customer_return_line_quantity_is_positive"),
        sa.CheckConstraint("amount >= 0", name="ck_customer_return_line_amount_is_not_negative"),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("customer_return_line")
    op.drop_table("customer_return")
