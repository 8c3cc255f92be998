"""Shipments: what left, for which order. They are never changed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from servicekit.errors import Kind, Refusal


class UnknownShipment(Refusal):
    """There is no such shipment."""

    kind = Kind.NOT_FOUND
    code = "unknown_shipment"
    en = "There is no shipment {shipment_id}."
    zh = "没有发货单 {shipment_id}。"


@dataclass(frozen=True, kw_only=True)
class ShipmentLine:
    """A line of a shipment; `amount` is what the customer paid for it."""

    line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    amount: Decimal
    batch_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """A shipment with its lines."""

    shipment_id: UUID
    number: str
    order_id: UUID
    reservation_id: UUID
    site_id: str
    warehouse_id: str
    currency: str
    posted_at: datetime
    posted_by: str
    lines: tuple[ShipmentLine, ...]
