"""Close shorter pages: of one item in many sites, the past is read with fewer entries."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget closings of longer pages; `python -m inventory close` writes them anew."""
    forget()


def downgrade() -> None:
    """Forget closings of shorter pages, of which the ledger knows everything."""
    forget()


def forget() -> None:
    """Empty both tables; until pages are closed, the past is added up from the ledger."""
    op.execute("delete from stock_closing")
    op.execute("delete from stock_page")
