"""Loads and locks reservations, always before balances; looks up what explains a shortage."""

from inventory.reservations.store.deliveries import (
    CameBack,
    OrderShipment,
    keep_returns,
    keep_shipments,
)
from inventory.reservations.store.explanations import (
    NAMED_AT_MOST,
    Coming,
    OtherPlace,
    batches_about,
    coming,
    elsewhere,
    holders,
    read_balances,
)
from inventory.reservations.store.reservations import (
    add,
    load,
    lock,
    lock_all,
    lock_expired,
    open_of,
    save,
    take_off,
    units_held,
)

__all__ = [
    "NAMED_AT_MOST",
    "CameBack",
    "Coming",
    "OrderShipment",
    "OtherPlace",
    "add",
    "batches_about",
    "coming",
    "elsewhere",
    "holders",
    "keep_returns",
    "keep_shipments",
    "load",
    "lock",
    "lock_all",
    "lock_expired",
    "open_of",
    "read_balances",
    "save",
    "take_off",
    "units_held",
]
