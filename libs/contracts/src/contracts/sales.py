"""Facts of the sales service."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Event, Topic
from contracts.wire import Amount, BatchCode, Code, Currency, Moment, Name, Quantity

CUSTOMER = Topic("sales", "customer", 1)
ORDER = Topic("sales", "order", 1)
SHIPMENT = Topic("sales", "shipment", 1)


class CustomerDefined(Event):
    """A customer as it is now."""

    TOPIC: ClassVar[Topic] = CUSTOMER
    TYPE: ClassVar[str] = "trueshelf.sales.customer_defined.v1"

    customer_id: Code
    name: Name

    @property
    def key(self) -> str:
        """Return the customer's id."""
        return self.customer_id


class SoldLine(BaseModel):
    """A line of a sales order or shipment; `amount` is the line's net price as a whole."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_no: int
    item_id: Code
    quantity: Quantity
    amount: Amount
    batch_id: BatchCode = ""
    serials: tuple[Code, ...] = ()
    sold_in: Code | None = None
    """The unit of `quantity` if it isn't the item's base unit; what is shipped is in base units."""


class OrderFact(Event):
    """What all facts about a sales order carry."""

    TOPIC: ClassVar[Topic] = ORDER

    order_id: UUID
    number: str
    site_id: Code
    at: Moment

    @property
    def key(self) -> str:
        """Return the order's id."""
        return str(self.order_id)


class SalesOrderPlaced(OrderFact):
    """A customer asked for goods; whether they are there is not known yet."""

    TYPE: ClassVar[str] = "trueshelf.sales.order_placed.v1"

    customer_id: Code
    warehouse_id: Code
    currency: Currency
    lines: tuple[SoldLine, ...]


class SalesOrderReserved(OrderFact):
    """The goods of an order are held for it."""

    TYPE: ClassVar[str] = "trueshelf.sales.order_reserved.v1"

    reservation_id: UUID
    expires_at: Moment


class SalesOrderPaid(OrderFact):
    """An order was paid and its reservation confirmed."""

    TYPE: ClassVar[str] = "trueshelf.sales.order_paid.v1"

    amount: Amount
    currency: Currency


class SalesOrderClosed(OrderFact):
    """An order ended without shipping anything."""

    TYPE: ClassVar[str] = "trueshelf.sales.order_closed.v1"

    outcome: Literal["refused", "expired", "cancelled"]
    cause: str
    """The stable code of the refusal, or who asked for it."""


class ShipmentPosted(Event):
    """Goods of a paid order left the warehouse."""

    TOPIC: ClassVar[Topic] = SHIPMENT
    TYPE: ClassVar[str] = "trueshelf.sales.shipment_posted.v1"

    shipment_id: UUID
    number: str
    order_id: UUID
    reservation_id: UUID
    site_id: Code
    warehouse_id: Code
    currency: Currency
    shipped_at: Moment
    posted_at: Moment
    lines: tuple[SoldLine, ...]
    posted_by: str = ""

    @property
    def key(self) -> str:
        """Return the shipment's id."""
        return str(self.shipment_id)
