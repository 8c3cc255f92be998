"""What items, sites and warehouses say about the lines of a document."""

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
    "Item",
    "ItemDisabled",
    "KitNotReceived",
    "Naming",
    "QuantityTooPrecise",
    "SerialsMissing",
    "Site",
    "TrackingUnused",
    "UnknownItem",
    "UnknownSite",
    "UnknownUnit",
    "UnknownWarehouse",
]
