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
    find_stock,
    lock_balances,
    open_books,
    save_balances,
    save_books,
)
from inventory.stock.store.entries import (
    EntryKey,
    load_entries,
)
from inventory.stock.store.serials import (
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
    "EntryKey",
    "add_batches",
    "add_in_transit",
    "admit_documents",
    "append",
    "find_batches",
    "find_stock",
    "find_trace_codes",
    "load_batches",
    "load_entries",
    "lock_balances",
    "lock_batches",
    "lock_in_transit",
    "lock_serials",
    "open_books",
    "save_balances",
    "save_books",
    "save_in_transit",
]
