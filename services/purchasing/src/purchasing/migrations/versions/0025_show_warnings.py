"""Keep what was warned of, so that those it is addressed to see it, and who has read it."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import grant

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ROLE = "purchasing"
MOMENT = sa.DateTime(timezone=True)
TEXTS = sa.ARRAY(sa.Text)
CAUSES = "'order_overdue', 'posting_overdue', 'confirmation_overdue', 'booking_held'"
# What was warned of and is not cleared is known of orders and clocks, with the last level.
OVERDUE = """
insert into warning (warning_id, cause, severity, site_id, supplier_id, document_kind, document_id,
    document_number, level, roles, since, raised_at)
select late.warning_id, 'order_overdue', 'warning', orders.site_id, orders.supplier_id,
    'purchase_order', orders.order_id, orders.number, 0,
    array['buyer', 'clerk', 'shop_manager', 'finance'], min(late.since), min(late.since)
from overdue_line late join purchase_order orders using (order_id)
group by late.warning_id, orders.order_id
"""
CLOCKS = """
insert into warning (warning_id, cause, severity, site_id, supplier_id, document_kind, document_id,
    document_number, level, roles, since, raised_at)
select warning_id, kind || '_overdue', case level when 0 then 'notice' else 'warning' end, site_id,
    supplier_id, 'receipt', document_id, number, level,
    case when kind = 'confirmation' then array['buyer', 'finance']
        else array['clerk', 'shop_manager', 'buyer', 'finance'] end,
    started_at + target, started_at + target
from clock where level is not null and stopped_at is null
"""
LEVELS = """
insert into warning_level (warning_id, level, severity, roles, at)
select warning_id, level, severity, roles, raised_at from warning
"""


def upgrade() -> None:
    """Create the tables, with the warnings that are open."""
    _warnings()
    op.create_table(
        "warning_level",
        sa.Column("warning_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("roles", TEXTS, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("warning_id", "level", name="pk_warning_level"),
        sa.ForeignKeyConstraint(
            ["warning_id"], ["warning.warning_id"], name="fk_warning_level_warning_id"
        ),
    )
    grant(ROLE, "warning_level", "select, insert")
    op.create_table(
        "warning_read",
        sa.Column("warning_id", sa.Uuid, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("warning_id", "subject", "level", name="pk_warning_read"),
        sa.ForeignKeyConstraint(
            ["warning_id"], ["warning.warning_id"], name="fk_warning_read_warning_id"
        ),
    )
    grant(ROLE, "warning_read", "select, insert")
    for statement in (OVERDUE, CLOCKS, LEVELS):
        op.execute(statement)


def _warnings() -> None:
    op.create_table(
        "warning",
        sa.Column("warning_id", sa.Uuid, nullable=False),
        *_said("cause", "severity", "site_id", "supplier_id", "document_kind"),
        sa.Column("document_id", sa.Uuid, nullable=False),
        *_said("document_number"),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("roles", TEXTS, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("cleared_at", MOMENT),
        sa.PrimaryKeyConstraint("warning_id", name="pk_warning"),
        sa.CheckConstraint(f"cause in ({CAUSES})", name="ck_warning_cause_is_known"),
    )
    op.create_index("ix_warning_raised_at_warning_id", "warning", ["raised_at", "warning_id"])
    op.create_index(
        "ix_warning_open",
        "warning",
        ["raised_at", "warning_id"],
        postgresql_where=sa.text("cleared_at is null"),
    )
    grant(ROLE, "warning", "select, insert, update (severity, level, roles, cleared_at)")


def _said(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def downgrade() -> None:
    """Forget them."""
    for name in ("warning_read", "warning_level", "warning"):
        op.drop_table(name)
