"""Say what becomes of the money of a counter sale that is written off."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

RULES = {
    "money_is_known": "money in ('kept', 'refunded')",
    "money_is_of_a_write_off": "money is null or status = 'written_off'",
}


def upgrade() -> None:
    """Leave open what became of it so far: nobody has said."""
    op.add_column("counter_sale", sa.Column("money", sa.Text))
    for name, rule in RULES.items():
        rule = f"add constraint ck_counter_sale_{name} check ({rule}) not valid"
        op.execute(f"alter table counter_sale {rule}")
    op.execute("grant update (money) on counter_sale to sales")
    with op.get_context().autocommit_block():
        for name in RULES:
            op.execute(f"alter table counter_sale validate constraint ck_counter_sale_{name}")
        op.create_index(
            "ix_counter_sale_kept",
            "counter_sale",
            ["site_id", "sold_at"],
            postgresql_where=sa.text("money = 'kept'"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("counter_sale", "money")
