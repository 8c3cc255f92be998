"""Loads of the catalog, which lock what is to be changed."""

from inventory.catalog.store.items import (
    add_items,
    find_gtins,
    load_items,
    lock_items,
    lock_known_items,
    one_of,
    take_into_use,
)
from inventory.catalog.store.kits import (
    add_kit,
    load_kit,
    load_kits,
)
from inventory.catalog.store.lookups import (
    ITEMS_KEPT,
    find_items,
    find_warehouses,
)
from inventory.catalog.store.sites import (
    NO_KEY,
    Place,
    add_site,
    add_warehouse,
    find_site,
    find_warehouse,
    load_site,
    load_warehouses,
    lock_site,
    lock_warehouse,
    must_know_warehouses,
    warehouse_ids,
)
from inventory.catalog.store.substitutes import (
    find_substitution,
    put_substitution,
)
from inventory.catalog.store.units import (
    CONVERSION,
    add_conversions,
    last_conversions,
    load_units,
)

__all__ = [
    "CONVERSION",
    "ITEMS_KEPT",
    "NO_KEY",
    "Place",
    "add_conversions",
    "add_items",
    "add_kit",
    "add_site",
    "add_warehouse",
    "find_gtins",
    "find_items",
    "find_site",
    "find_substitution",
    "find_warehouse",
    "find_warehouses",
    "last_conversions",
    "load_items",
    "load_kit",
    "load_kits",
    "load_site",
    "load_units",
    "load_warehouses",
    "lock_items",
    "lock_known_items",
    "lock_site",
    "lock_warehouse",
    "must_know_warehouses",
    "one_of",
    "put_substitution",
    "take_into_use",
    "warehouse_ids",
]
