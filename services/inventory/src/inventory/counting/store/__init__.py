"""Loads and locks count sheets, always before documents, streams and balances."""

from inventory.counting.store.counts import add_counts, counts_of
from inventory.counting.store.lines import (
    add_lines,
    counted_elsewhere,
    lines_at,
    load_lines,
    places_to_count,
    release_lines,
    save_lines,
)
from inventory.counting.store.sheets import (
    Scope,
    add_sheet,
    find_sheets,
    load_sheet,
    lock_sheet,
)

__all__ = [
    "Scope",
    "add_counts",
    "add_lines",
    "add_sheet",
    "counted_elsewhere",
    "counts_of",
    "find_sheets",
    "lines_at",
    "load_lines",
    "load_sheet",
    "lock_sheet",
    "places_to_count",
    "release_lines",
    "save_lines",
]
