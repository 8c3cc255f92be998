"""What items, sites and warehouses say about the lines of a document."""

from purchasing.reference.domain.codes import (
    CodeKind,
    ScannedCode,
    UnknownCode,
    note_code,
    order_code,
    read_code,
    return_code,
    supplier_code,
)
from purchasing.reference.domain.devices import (
    Device,
    DeviceRevoked,
    Devices,
    NotScale,
    UnknownDevice,
)
from purchasing.reference.domain.items import (
    Item,
    Naming,
)
from purchasing.reference.domain.refusals import (
    BatchDatesCrossed,
    BatchMissing,
    BatchUndated,
    FreeGoodsForSale,
    ItemDisabled,
    KitNotReceived,
    QuantityTooLarge,
    QuantityTooPrecise,
    SerialsMissing,
    TrackingUnused,
    UnknownItem,
    UnknownSite,
    UnknownUnit,
    UnknownWarehouse,
    naming_all,
)
from purchasing.reference.domain.sites import (
    Site,
)
from purchasing.reference.domain.units import (
    Conversion,
    Measured,
    Units,
    cost_per,
)
from purchasing.reference.domain.weights import (
    NotWeighed,
    UnknownWeightUnit,
    Weight,
    WeightContradictory,
    WeightInexact,
)

__all__ = [
    "BatchDatesCrossed",
    "BatchMissing",
    "BatchUndated",
    "CodeKind",
    "Conversion",
    "Device",
    "DeviceRevoked",
    "Devices",
    "FreeGoodsForSale",
    "Item",
    "ItemDisabled",
    "KitNotReceived",
    "Measured",
    "Naming",
    "NotScale",
    "NotWeighed",
    "QuantityTooLarge",
    "QuantityTooPrecise",
    "ScannedCode",
    "SerialsMissing",
    "Site",
    "TrackingUnused",
    "Units",
    "UnknownCode",
    "UnknownDevice",
    "UnknownItem",
    "UnknownSite",
    "UnknownUnit",
    "UnknownWarehouse",
    "UnknownWeightUnit",
    "Weight",
    "WeightContradictory",
    "WeightInexact",
    "cost_per",
    "naming_all",
    "note_code",
    "order_code",
    "read_code",
    "return_code",
    "supplier_code",
]
