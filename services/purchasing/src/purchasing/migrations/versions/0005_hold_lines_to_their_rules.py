"""Check the rules of order lines against the lines that were there, in a transaction of its own."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RULES = ("base_quantity_is_positive", "kind_is_known", "free_goods_cost_nothing")


def upgrade() -> None:
    """Validate the rules; readers and writers go on meanwhile."""
    for rule in RULES:
        op.execute(
            f"alter table purchase_order_line validate constraint ck_purchase_order_line_{rule}"
        )


def downgrade() -> None:
    """Nothing: a rule that was checked is the same rule."""
