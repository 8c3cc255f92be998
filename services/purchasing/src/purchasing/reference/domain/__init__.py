"""What items, sites and warehouses say about the lines of a document."""

from purchasing.reference.domain.codes import (
    CodeKind,
    ScannedCode,
    UnknownCode,
    note_code,
    order_code,
    read_code,
    supplier_code,
)
from purchasing.reference.domain.items import (
    Item,
    Naming,
)
from purchasing.reference.domain.refusals import (
    BatchDatesCrossed,
    BatchMissing,
    BatchUndated,
    ItemDisabled,
    KitNotReceived,
    QuantityTooPrecise,
    SerialsMissing,
    TrackingUnused,
    UnknownItem,
    UnknownSite,
    UnknownUnit,
    UnknownWarehouse,
)
from purchasing.reference.domain.sites import (
    Site,
)

__all__ = [
    "BatchDatesCrossed",
    "BatchMissing",
    "BatchUndated",
    "CodeKind",
    "Item",
    "ItemDisabled",
    "KitNotReceived",
    "Naming",
    "QuantityTooPrecise",
    "ScannedCode",
    "SerialsMissing",
    "Site",
    "TrackingUnused",
    "UnknownCode",
    "UnknownItem",
    "UnknownSite",
    "UnknownUnit",
    "UnknownWarehouse",
    "note_code",
    "order_code",
    "read_code",
    "supplier_code",
]
