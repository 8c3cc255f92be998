"""Shipments: what left, for which order; never changed but for who signed for it."""

from sales.shipments.domain.dates import must_be_sellable
from sales.shipments.domain.leaving import (
    PartWanted,
    Rest,
    held_as_ordered,
    lines_leaving,
    must_be_left,
    parts_leaving,
    rests,
    without,
)
from sales.shipments.domain.refusals import PartNotHeld, UnknownShipment, UnknownShipmentNumber
from sales.shipments.domain.shipment import Shipment, ShipmentLine, Signature, SignedVia

__all__ = [
    "PartNotHeld",
    "PartWanted",
    "Rest",
    "Shipment",
    "ShipmentLine",
    "Signature",
    "SignedVia",
    "UnknownShipment",
    "UnknownShipmentNumber",
    "held_as_ordered",
    "lines_leaving",
    "must_be_left",
    "must_be_sellable",
    "parts_leaving",
    "rests",
    "without",
]
