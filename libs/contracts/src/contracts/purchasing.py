"""Facts of the purchasing service."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Event, Topic
from contracts.wire import BatchCode, Code, Currency, Moment, Name, Quantity, UnitCost

SUPPLIER = Topic("purchasing", "supplier", 1)
ORDER = Topic("purchasing", "order", 1)
RECEIPT = Topic("purchasing", "receipt", 1)


class SupplierDefined(Event):
    """A supplier as it is now."""

    TOPIC: ClassVar[Topic] = SUPPLIER
    TYPE: ClassVar[str] = "trueshelf.purchasing.supplier_defined.v1"

    supplier_id: Code
    name: Name

    @property
    def key(self) -> str:
        """Return the supplier's id."""
        return self.supplier_id


class PurchaseLine(BaseModel):
    """A line of a purchase order or of a receipt against it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_no: int
    item_id: Code
    quantity: Quantity
    unit_cost: UnitCost
    batch_id: BatchCode = ""
    """Given on receipts of items that are managed by batch."""
    manufactured_on: date | None = None
    expires_on: date | None = None
    serials: tuple[Code, ...] = ()
    """Given on receipts of items that are managed by serial number: one for each unit."""


class PurchaseOrderPlaced(Event):
    """Goods were ordered from a supplier for a warehouse."""

    TOPIC: ClassVar[Topic] = ORDER
    TYPE: ClassVar[str] = "trueshelf.purchasing.order_placed.v1"

    order_id: UUID
    number: str
    supplier_id: Code
    site_id: Code
    warehouse_id: Code
    currency: Currency
    due_date: date
    placed_at: Moment
    lines: tuple[PurchaseLine, ...]

    @property
    def key(self) -> str:
        """Return the order's id."""
        return str(self.order_id)


class GoodsReceiptPosted(Event):
    """A receipt was posted: its goods are in the warehouse."""

    TOPIC: ClassVar[Topic] = RECEIPT
    TYPE: ClassVar[str] = "trueshelf.purchasing.goods_receipt_posted.v1"

    receipt_id: UUID
    number: str
    order_id: UUID
    supplier_id: Code
    site_id: Code
    warehouse_id: Code
    currency: Currency
    received_at: Moment
    posted_at: Moment
    lines: tuple[PurchaseLine, ...]
    posted_by: str = ""

    @property
    def key(self) -> str:
        """Return the receipt's id."""
        return str(self.receipt_id)
