"""Know goods by name and specification: what sellers call our items, and what invoices say."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE, KEY = "supplier_item_name", "pk_supplier_item_name"


def upgrade() -> None:
    """Names of before have none: who links such a line again says which goods it means."""
    for table in (TABLE, "invoice_line"):
        op.add_column(table, sa.Column("specification", sa.Text, nullable=False, server_default=""))
    _key_by("supplier_id", "name", "specification")


def _key_by(*columns: str) -> None:
    """Build the index beside the traffic, then let it take the place of the key there is."""
    with op.get_context().autocommit_block():
        op.create_index(
            f"{KEY}_new",
            TABLE,
            list(columns),
            unique=True,
            postgresql_concurrently=True,
            if_not_exists=True,
        )
    op.execute(f"-- squawk-ignore ban-drop-constraint\nalter table {TABLE} drop constraint {KEY}")
    op.execute(f"alter table {TABLE} add constraint {KEY} primary key using index {KEY}_new")


def downgrade() -> None:
    """Forget specifications, and names that only they tell apart."""
    op.execute("delete from supplier_item_name where specification <> ''")
    _key_by("supplier_id", "name")
    for table in ("invoice_line", TABLE):
        op.drop_column(table, "specification")
