"""What insight adds to the tables of the books: indexes, each for a question that needs it.

The ledger is hot and each index is paid for with every entry, so these are narrow, and all but one
are partial: goods that are not told apart by batch or serial pay nothing for those that are.
"""

from sqlalchemy import Index, text

from inventory.counting.tables import count_sheet
from inventory.scanning.tables import scan_work
from inventory.stock.tables import ledger_entry

HAS_BATCH = text("batch_id <> ''")
HAS_SERIALS = text("serials is not null")

Index("ix_ledger_entry_document_id", ledger_entry.c.document_id)
Index(
    "ix_ledger_entry_batch",
    ledger_entry.c.item_id,
    ledger_entry.c.batch_id,
    postgresql_where=HAS_BATCH,
)
Index(
    "ix_ledger_entry_serials",
    ledger_entry.c.serials,
    postgresql_using="gin",
    postgresql_where=HAS_SERIALS,
)
# What is open is collected every minute; what was finished is most of it.
Index(
    "ix_count_sheet_open",
    count_sheet.c.site_id,
    count_sheet.c.opened_at,
    postgresql_where=text("status in ('counting', 'audited')"),
)
Index(
    "ix_scan_work_open",
    scan_work.c.site_id,
    scan_work.c.begun_at,
    postgresql_where=text("finished_at is null"),
)
