"""Let sites ask for goods, and keep which orders cover what they asked for."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ROLE = "purchasing"
MOMENT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(18, 6)
STATUSES = "'draft', 'submitted', 'approved', 'ordering', 'closed', 'rejected', 'cancelled'"
OPEN = "status in ('draft', 'submitted', 'approved', 'ordering')"


def upgrade() -> None:
    """Create the tables."""
    _requisitions()
    _lines()
    _covers()
    op.create_table(
        "requisition_step",
        sa.Column("step_id", sa.Uuid, nullable=False),
        sa.Column("requisition_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("step_id", name="pk_requisition_step"),
        sa.ForeignKeyConstraint(
            ["requisition_id"],
            ["requisition.requisition_id"],
            name="fk_requisition_step_requisition_id",
        ),
    )
    op.create_index(
        "ix_requisition_step_requisition_id_step_id",
        "requisition_step",
        ["requisition_id", "step_id"],
    )
    grant(ROLE, "requisition_step", "select, insert")


def _requisitions() -> None:
    op.create_table(
        "requisition",
        sa.Column("requisition_id", sa.Uuid, nullable=False),
        *_said("number", "site_id", "author"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("note", sa.Text),
        *_said("status"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", MOMENT),
        sa.PrimaryKeyConstraint("requisition_id", name="pk_requisition"),
        sa.UniqueConstraint("number", name="uq_requisition_number"),
        sa.CheckConstraint(f"status in ({STATUSES})", name="ck_requisition_status_is_known"),
        sa.CheckConstraint("approved_by <> author", name="ck_requisition_a_second_person_approved"),
    )
    op.create_index(
        "ix_requisition_site_id_requisition_id", "requisition", ["site_id", "requisition_id"]
    )
    op.create_index(
        "ix_requisition_open", "requisition", ["site_id"], postgresql_where=sa.text(OPEN)
    )
    changing = "status, version, note, approved_by, approved_at"
    grant(ROLE, "requisition", f"select, insert, update ({changing})")


def _lines() -> None:
    op.create_table(
        "requisition_line",
        sa.Column("requisition_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        *_said("item_id", "warehouse_id", "unit"),
        sa.Column("quantity", QUANTITY, nullable=False),
        *_said("base_unit"),
        sa.Column("base_quantity", QUANTITY, nullable=False),
        sa.Column("unit_version", sa.Integer),
        sa.Column("needed_by", sa.Date, nullable=False),
        sa.Column("supplier_id", sa.Text),
        sa.Column("unit_cost", QUANTITY),
        sa.Column("note", sa.Text),
        sa.Column("ordered", QUANTITY, nullable=False),
        sa.Column("given_up", QUANTITY, nullable=False),
        sa.PrimaryKeyConstraint("requisition_id", "line_no", name="pk_requisition_line"),
        sa.ForeignKeyConstraint(
            ["requisition_id"],
            ["requisition.requisition_id"],
            name="fk_requisition_line_requisition_id",
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.supplier_id"], name="fk_requisition_line_supplier_id"
        ),
        sa.CheckConstraint(
            "quantity > 0 and base_quantity > 0", name="ck_requisition_line_quantity_is_positive"
        ),
        sa.CheckConstraint(
            "ordered >= 0 and given_up >= 0",
            name="ck_requisition_line_nothing_negative_is_ordered",
        ),
    )
    # A draft is written anew as a whole; lines that an order covers can't go, by their covers.
    grant(ROLE, "requisition_line", "select, insert, update, delete")


def _covers() -> None:
    op.create_table(
        "requisition_cover",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("order_line_no", sa.Integer, nullable=False),
        sa.Column("requisition_id", sa.Uuid, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("base_quantity", QUANTITY, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "order_line_no", name="pk_requisition_cover"),
        sa.ForeignKeyConstraint(
            ["requisition_id", "line_no"],
            ["requisition_line.requisition_id", "requisition_line.line_no"],
            name="fk_requisition_cover_requisition_id_line_no",
        ),
        sa.CheckConstraint(
            "base_quantity >= 0", name="ck_requisition_cover_nothing_negative_covers"
        ),
    )
    op.create_index("ix_requisition_cover_requisition_id", "requisition_cover", ["requisition_id"])
    grant(ROLE, "requisition_cover", "select, insert, update (base_quantity)")


def _said(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def downgrade() -> None:
    """Forget them."""
    for name in (
        "requisition_cover",
        "requisition_step",
        "requisition_line",
        "requisition",
    ):
        op.drop_table(name)
