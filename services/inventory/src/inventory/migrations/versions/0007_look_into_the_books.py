"""Look into the books: what queries over the ledger need."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_ledger_entry_document_id": "ledger_entry (document_id)",
    "ix_ledger_entry_batch": "ledger_entry (item_id, batch_id) where batch_id <> ''",
    "ix_ledger_entry_serials": "ledger_entry using gin (serials) where serials is not null",
    "ix_reservation_shipment_id": "reservation (shipment_id) where shipment_id is not null",
    "ix_count_sheet_open": (
        "count_sheet (site_id, opened_at) where status in ('counting', 'audited')"
    ),
    "ix_scan_work_open": "scan_work (site_id, begun_at) where finished_at is null",
}


def upgrade() -> None:
    """Create the indexes that traces follow; the tables are released with them, and empty."""
    for name, what in INDEXES.items():
        op.execute(
            f"-- squawk-ignore require-concurrent-index-creation\ncreate index {name} on {what}"
        )


def downgrade() -> None:
    """Drop them."""
    for name in reversed(INDEXES):
        op.execute(f"-- squawk-ignore require-concurrent-index-deletion\ndrop index {name}")
