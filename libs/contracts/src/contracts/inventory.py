"""Facts of the inventory service: reference data, stock movements and reservations."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Event, Topic
from contracts.wire import Code, Currency, Moment, Name, Quantity, UnitCost

ITEM = Topic("inventory", "item", 1)
SITE = Topic("inventory", "site", 1)
STOCK = Topic("inventory", "stock", 1)
RESERVATION = Topic("inventory", "reservation", 1)
BOOKING = Topic("inventory", "booking", 1)


class ItemDefined(Event):
    """The present description of an item, whole; the newest one counts."""

    TOPIC: ClassVar[Topic] = ITEM
    TYPE: ClassVar[str] = "trueshelf.inventory.item_defined.v1"

    item_id: Code
    name: Name
    base_unit: Code
    scale: int
    """Decimals a quantity of this item may have."""
    category: Name | None = None

    @property
    def key(self) -> str:
        """Return the item's id."""
        return self.item_id


class SiteDefined(Event):
    """A site as it is now."""

    TOPIC: ClassVar[Topic] = SITE
    TYPE: ClassVar[str] = "trueshelf.inventory.site_defined.v1"

    site_id: Code
    name: Name
    time_zone: str

    @property
    def key(self) -> str:
        """Return the site's id."""
        return self.site_id


class WarehouseDefined(Event):
    """A warehouse of a site as it is now."""

    TOPIC: ClassVar[Topic] = SITE
    TYPE: ClassVar[str] = "trueshelf.inventory.warehouse_defined.v1"

    site_id: Code
    warehouse_id: Code
    name: Name

    @property
    def key(self) -> str:
        """Return the site's id: a warehouse stays in order with its site."""
        return self.site_id


class StockFact(Event):
    """What all stock movements carry: the entry of the ledger they stand for.

    `sequence` numbers the entries of one site and item from 1 without a gap, so that a consumer
    sees when one is missing and can ask for it.
    """

    TOPIC: ClassVar[Topic] = STOCK

    site_id: Code
    item_id: Code
    sequence: int
    warehouse_id: Code
    quantity: Quantity
    document_id: UUID
    """The document whose posting moved the stock."""
    document_number: str
    line_no: int
    effective_at: Moment
    posted_at: Moment

    @property
    def key(self) -> str:
        """Return `site:item`."""
        return f"{self.site_id}:{self.item_id}"


class StockReceived(StockFact):
    """Goods came in from a supplier's receipt at a known cost."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_received.v1"

    unit_cost: UnitCost
    currency: Currency


class StockShipped(StockFact):
    """Goods went out with a shipment to a customer."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_shipped.v1"

    order_id: UUID


class ReservedLine(BaseModel):
    """A line of a reservation."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_no: int
    item_id: Code
    quantity: Quantity


class ReservationFact(Event):
    """What all facts about a reservation carry."""

    TOPIC: ClassVar[Topic] = RESERVATION

    reservation_id: UUID
    order_id: UUID
    site_id: Code
    at: Moment

    @property
    def key(self) -> str:
        """Return the reservation's id."""
        return str(self.reservation_id)


class StockReserved(ReservationFact):
    """Stock is held for an order until it expires, is released or is shipped."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_reserved.v1"

    warehouse_id: Code
    expires_at: Moment
    lines: tuple[ReservedLine, ...]


class ReservationConfirmed(ReservationFact):
    """The order was paid: the reservation no longer expires."""

    TYPE: ClassVar[str] = "trueshelf.inventory.reservation_confirmed.v1"


class ReservationReleased(ReservationFact):
    """The stock held is free again."""

    TYPE: ClassVar[str] = "trueshelf.inventory.reservation_released.v1"

    reason: Literal["expired", "cancelled"]


class ReservationFulfilled(ReservationFact):
    """All that was held has been shipped."""

    TYPE: ClassVar[str] = "trueshelf.inventory.reservation_fulfilled.v1"

    shipment_id: UUID


class ReceiptBooked(Event):
    """Every line of a supplier's receipt stands in the ledger and is available."""

    TOPIC: ClassVar[Topic] = BOOKING
    TYPE: ClassVar[str] = "trueshelf.inventory.receipt_booked.v1"

    receipt_id: UUID
    site_id: Code
    booked_at: Moment

    @property
    def key(self) -> str:
        """Return the receipt's id."""
        return str(self.receipt_id)
