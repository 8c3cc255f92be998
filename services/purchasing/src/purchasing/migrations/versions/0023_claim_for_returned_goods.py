"""Let claims for returned goods stand beside what is owed for their receipt."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OLD = "uq_accrual_receipt_id"


def upgrade() -> None:
    """Build the indexes beside the traffic, then let go of the one that claims would break."""
    with op.get_context().autocommit_block():
        _index("uq_accrual_owed", "receipt_id", unique=True, where="return_id is null")
        _index("uq_accrual_return_id", "return_id", unique=True)
        _index("ix_accrual_receipt_id", "receipt_id")
    op.execute(f"-- squawk-ignore ban-drop-constraint\nalter table accrual drop constraint {OLD}")
    op.execute(
        "alter table receipt_line validate constraint ck_receipt_line_no_more_went_back_than_came"
    )


def _index(name: str, column: str, *, unique: bool = False, where: str | None = None) -> None:
    op.create_index(
        name,
        "accrual",
        [column],
        unique=unique,
        postgresql_where=None if where is None else sa.text(where),
        postgresql_concurrently=True,
        if_not_exists=True,
    )


def downgrade() -> None:
    """Allow one accrual of a receipt again; claims must be gone by then."""
    with op.get_context().autocommit_block():
        _index(OLD, "receipt_id", unique=True)
    op.execute(f"alter table accrual add constraint {OLD} unique using index {OLD}")
    with op.get_context().autocommit_block():
        for name in ("ix_accrual_receipt_id", "uq_accrual_return_id", "uq_accrual_owed"):
            op.drop_index(name, "accrual", postgresql_concurrently=True)
