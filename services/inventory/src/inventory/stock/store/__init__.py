"""Opens the books for a posting, and what tells goods in them apart."""

from inventory.stock.store.batches import (
    add_batches,
    find_batches,
    load_batches,
    lock_batches,
)
from inventory.stock.store.books import (
    FIGURES,
    admit_documents,
    append,
    booked_at,
    find_stock,
    lock_balances,
    open_books,
    save_balances,
    save_books,
)
from inventory.stock.store.called_back import (
    call_units_back,
    find_called_back,
    let_units_go,
)
from inventory.stock.store.closings import (
    PAGE_ENTRIES,
    close_pages,
    forget_closings,
    lock_streams_after,
)
from inventory.stock.store.entries import (
    DocumentLine,
    EntryKey,
    document_entries,
    load_entries,
    received_entries,
    shipped_entries,
)
from inventory.stock.store.remains import find_remains
from inventory.stock.store.serials import (
    find_serials,
    find_trace_codes,
    lock_serials,
)
from inventory.stock.store.transit import (
    add_in_transit,
    lock_in_transit,
    save_in_transit,
)

__all__ = [
    "FIGURES",
    "PAGE_ENTRIES",
    "DocumentLine",
    "EntryKey",
    "add_batches",
    "add_in_transit",
    "admit_documents",
    "append",
    "booked_at",
    "call_units_back",
    "close_pages",
    "document_entries",
    "find_batches",
    "find_called_back",
    "find_remains",
    "find_serials",
    "find_stock",
    "find_trace_codes",
    "forget_closings",
    "let_units_go",
    "load_batches",
    "load_entries",
    "lock_balances",
    "lock_batches",
    "lock_in_transit",
    "lock_serials",
    "lock_streams_after",
    "open_books",
    "received_entries",
    "save_balances",
    "save_books",
    "save_in_transit",
    "shipped_entries",
]
