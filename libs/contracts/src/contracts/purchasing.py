"""Facts of the purchasing service."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Event, Topic
from contracts.wire import (
    Amount,
    BatchCode,
    Code,
    Currency,
    Moment,
    Name,
    Quantity,
    SignedQuantity,
    UnitCost,
)

SUPPLIER = Topic("purchasing", "supplier", 1)
REQUISITION = Topic("purchasing", "requisition", 1)
ORDER = Topic("purchasing", "order", 1)
RECEIPT = Topic("purchasing", "receipt", 1)
ACCRUAL = Topic("purchasing", "accrual", 1)
WARNING = Topic("purchasing", "warning", 1)


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
    kind: Literal["purchase", "gift", "sample"] = "purchase"
    agreed_unit: Code | None = None
    """The unit that was ordered; `quantity` and `unit_cost` are in the item's base unit."""
    agreed_quantity: Quantity | None = None
    """How much of that unit."""
    agreed_price: UnitCost | None = None
    """What one of that unit costs, in the currency of the order."""
    unit_version: int | None = None
    """By which version of the unit's conversion; None for the base unit."""
    counted_unit: Code | None = None
    """The unit in which a clerk counted what arrived, if it was not the base unit."""
    counted_quantity: Quantity | None = None
    """How much of that unit."""


class RequisitionItem(BaseModel):
    """What a site asks for of an item, in its base unit, and how much of it is ordered."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_no: int
    item_id: Code
    warehouse_id: Code
    needed_by: date
    quantity: Quantity
    ordered: SignedQuantity
    open: SignedQuantity
    """What is to be ordered still: nothing of what was given up."""
    supplier_id: Code | None = None
    """From whom the site would have it."""


class RequisitionFact(Event):
    """What the facts about a requisition carry: it is told whole each time."""

    TOPIC: ClassVar[Topic] = REQUISITION

    requisition_id: UUID
    number: str
    site_id: Code
    author: str
    at: Moment
    user_id: str
    """Who took the step, or changed the order that did."""
    reason: str | None = None
    """Why, or the number of the order that did."""
    lines: tuple[RequisitionItem, ...]

    @property
    def key(self) -> str:
        """Return the requisition's id."""
        return str(self.requisition_id)


class RequisitionSubmitted(RequisitionFact):
    """A site asks for goods."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.requisition_submitted.v1"


class RequisitionApproved(RequisitionFact):
    """What a site asks for may be ordered."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.requisition_approved.v1"


class RequisitionRejected(RequisitionFact):
    """What a site asks for will not be ordered."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.requisition_rejected.v1"


class RequisitionCancelled(RequisitionFact):
    """A site does not ask for the goods any more; nothing of them was ordered."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.requisition_cancelled.v1"


class RequisitionOrdered(RequisitionFact):
    """More of what a site asks for is on orders than before."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.requisition_ordered.v1"


class RequisitionClosed(RequisitionFact):
    """Nothing of what a site asks for is to be ordered any more."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.requisition_closed.v1"


class RequisitionReopened(RequisitionFact):
    """An order brings less than it was to: something is to be ordered again."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.requisition_reopened.v1"


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


class PurchaseOrderChanged(Event):
    """What was agreed about an order that the supplier has is different now; it is told whole."""

    TOPIC: ClassVar[Topic] = ORDER
    TYPE: ClassVar[str] = "trueshelf.purchasing.order_changed.v1"

    order_id: UUID
    number: str
    supplier_id: Code
    site_id: Code
    warehouse_id: Code
    currency: Currency
    due_date: date
    version: int
    changed_at: Moment
    changed_by: str
    reason: str
    lines: tuple[PurchaseLine, ...]
    """With the quantities that are still wanted; a line of which none is wanted is left out."""

    @property
    def key(self) -> str:
        """Return the order's id."""
        return str(self.order_id)


class PurchaseOrderClosed(Event):
    """Nothing more is expected for an order."""

    TOPIC: ClassVar[Topic] = ORDER
    TYPE: ClassVar[str] = "trueshelf.purchasing.order_closed.v1"

    order_id: UUID
    number: str
    supplier_id: Code
    site_id: Code
    cause: Literal["closed", "cancelled"]
    """Cancelled if nothing of it had come."""
    reason: str
    closed_at: Moment
    closed_by: str

    @property
    def key(self) -> str:
        """Return the order's id."""
        return str(self.order_id)


class DraftedLine(BaseModel):
    """What was counted of an item, in its base unit; it is not on the books yet."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_no: int
    item_id: Code
    quantity: Quantity
    batch_id: BatchCode = ""


class ReceiptStep(Event):
    """What the facts about a receipt that is not posted carry: nothing moves by them."""

    TOPIC: ClassVar[Topic] = RECEIPT

    receipt_id: UUID
    number: str
    order_id: UUID
    supplier_id: Code
    site_id: Code
    warehouse_id: Code
    at: Moment
    user_id: str
    """Who took the step."""

    @property
    def key(self) -> str:
        """Return the receipt's id."""
        return str(self.receipt_id)


class ReceiptDrafted(ReceiptStep):
    """Goods were counted that came from a supplier: they are there, and not on the books."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.receipt_drafted.v1"

    device_id: Code | None = None
    """The registered device that the goods were received with."""
    lines: tuple[DraftedLine, ...]


class ReceiptAudited(ReceiptStep):
    """Somebody looked at a drafted receipt: it may be posted."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.receipt_audited.v1"


class ReceiptCancelled(ReceiptStep):
    """A receipt will not be posted."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.receipt_cancelled.v1"


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
    agreed_currency: Currency | None = None
    """The currency of the order, if it is another than that of the books."""
    rate: UnitCost | None = None
    """What one of it was worth in the books' currency in the period of posting."""
    device_id: Code | None = None
    """The registered device that the goods were received with."""

    @property
    def key(self) -> str:
        """Return the receipt's id."""
        return str(self.receipt_id)


class ReturnedPurchaseLine(BaseModel):
    """How much of a receipt's line went back, in base units."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_no: int
    receipt_line_no: int
    item_id: Code
    warehouse_id: Code
    quantity: Quantity
    returned_before: SignedQuantity
    """How much of the receipt's line had gone back before."""
    batch_id: BatchCode = ""
    serials: tuple[Code, ...] = ()


class GoodsReturnPosted(Event):
    """Goods of a receipt went back to its supplier: inventory has them off its books."""

    TOPIC: ClassVar[Topic] = RECEIPT
    TYPE: ClassVar[str] = "trueshelf.purchasing.goods_return_posted.v1"

    return_id: UUID
    number: str
    receipt_id: UUID
    receipt_number: str
    order_id: UUID
    supplier_id: Code
    site_id: Code
    cause: str
    reverses_receipt: bool = False
    """Whether the receipt was posted by mistake, and all of it is undone."""
    replaced: bool = False
    """Whether the supplier delivers other goods for them: the order's lines are open again."""
    posted_at: Moment
    posted_by: str
    booked_at: Moment
    lines: tuple[ReturnedPurchaseLine, ...]

    @property
    def key(self) -> str:
        """Return the receipt's id."""
        return str(self.receipt_id)


class GoodsReturnReversed(Event):
    """A return to a supplier was posted by mistake: its goods are there, and all is undone."""

    TOPIC: ClassVar[Topic] = RECEIPT
    TYPE: ClassVar[str] = "trueshelf.purchasing.goods_return_reversed.v1"

    reversal_id: UUID
    number: str
    return_id: UUID
    return_number: str
    receipt_id: UUID
    receipt_number: str
    order_id: UUID
    supplier_id: Code
    site_id: Code
    reason: Name
    replaced: bool = False
    """Whether the order's lines had been open again for these goods, and are not now."""
    posted_at: Moment
    posted_by: str
    booked_at: Moment
    lines: tuple[ReturnedPurchaseLine, ...]

    @property
    def key(self) -> str:
        """Return the receipt's id."""
        return str(self.receipt_id)


class ReceiptConfirmed(Event):
    """Nothing of a receipt is open or disputed any more: its supplier owes and is owed for it."""

    TOPIC: ClassVar[Topic] = RECEIPT
    TYPE: ClassVar[str] = "trueshelf.purchasing.receipt_confirmed.v1"

    receipt_id: UUID
    number: str
    supplier_id: Code
    site_id: Code
    confirmed_at: Moment
    confirmed_by: str

    @property
    def key(self) -> str:
        """Return the receipt's id."""
        return str(self.receipt_id)


class DisputedLine(BaseModel):
    """What the supplier says about a line of a receipt, against what was counted."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_no: int
    item_id: Code
    reason: str
    recorded: Quantity
    claimed: Quantity | None = None


class ReceiptDisputed(Event):
    """A supplier says otherwise about lines of a receipt; its accrual waits."""

    TOPIC: ClassVar[Topic] = RECEIPT
    TYPE: ClassVar[str] = "trueshelf.purchasing.receipt_disputed.v1"

    receipt_id: UUID
    number: str
    supplier_id: Code
    site_id: Code
    disputed_at: Moment
    disputed_by: str
    lines: tuple[DisputedLine, ...]

    @property
    def key(self) -> str:
        """Return the receipt's id."""
        return str(self.receipt_id)


class AccrualFact(Event):
    """Something about what is owed for a receipt that was not invoiced yet."""

    TOPIC: ClassVar[Topic] = ACCRUAL

    accrual_id: UUID
    number: str
    receipt_id: UUID
    receipt_number: str
    supplier_id: Code
    site_id: Code
    at: Moment

    @property
    def key(self) -> str:
        """Return the accrual's id."""
        return str(self.accrual_id)


class AccrualRaised(AccrualFact):
    """A receipt is owed for, until its invoice comes.

    With negative amounts it is a claim: the supplier owes for invoiced goods that went back, until
    a red-letter invoice comes.
    """

    TYPE: ClassVar[str] = "trueshelf.purchasing.accrual_raised.v1"

    period: str
    cause: str
    currency: Currency
    net: Amount
    tax: Amount
    books_currency: Currency
    books_net: Amount
    books_tax: Amount


class AccrualCleared(AccrualFact):
    """Everything a receipt was owed for is invoiced: nothing is left of its accrual."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.accrual_cleared.v1"

    invoice_id: UUID


class AccrualReopened(AccrualFact):
    """An invoice that had cleared the accrual was taken off it again."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.accrual_reopened.v1"

    invoice_id: UUID


class AccrualRepriced(AccrualFact):
    """A receipt's price was corrected before its invoice came: this is what is owed for it now."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.accrual_repriced.v1"

    repricing_id: UUID
    repricing_number: str
    cause: str
    currency: Currency
    net: Amount
    tax: Amount
    books_currency: Currency
    books_net: Amount
    books_tax: Amount


class AccrualReduced(AccrualFact):
    """Goods went back before their invoice came: this is what is owed for the receipt now."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.accrual_reduced.v1"

    return_id: UUID
    return_number: str
    currency: Currency
    net: Amount
    tax: Amount
    books_currency: Currency
    books_net: Amount
    books_tax: Amount


class AccrualRestored(AccrualFact):
    """A return was taken back: this is what is owed for the receipt now, or claimed for the return.

    Of a claim that no red-letter invoice has cleared nothing is left.
    """

    TYPE: ClassVar[str] = "trueshelf.purchasing.accrual_restored.v1"

    return_id: UUID
    return_number: str
    reversal_id: UUID
    reversal_number: str
    currency: Currency
    net: Amount
    tax: Amount
    books_currency: Currency
    books_net: Amount
    books_tax: Amount


class SupplierSuspended(Event):
    """A supplier gets no new orders until the lines named are closed; said again if more join."""

    TOPIC: ClassVar[Topic] = SUPPLIER
    TYPE: ClassVar[str] = "trueshelf.purchasing.supplier_suspended.v1"

    supplier_id: Code
    since: Moment
    causes: tuple[str, ...]
    """The order lines that are overdue, as people call them: `PO-S1-20261122-1/2`."""

    @property
    def key(self) -> str:
        """Return the supplier's id."""
        return self.supplier_id


class SupplierReinstated(Event):
    """A supplier gets orders again: nothing it owes is overdue any more."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.supplier_reinstated.v1"
    TOPIC: ClassVar[Topic] = SUPPLIER

    supplier_id: Code
    at: Moment

    @property
    def key(self) -> str:
        """Return the supplier's id."""
        return self.supplier_id


class PurchasingWarningFact(Event):
    """What the facts about a warning carry; one for each cause and document or order line."""

    TOPIC: ClassVar[Topic] = WARNING

    warning_id: UUID
    cause: Literal["order_overdue", "posting_overdue", "confirmation_overdue", "booking_held"]
    severity: Literal["notice", "warning", "critical"]
    site_id: Code
    supplier_id: Code | None = None
    document_kind: Code
    document_id: UUID
    document_number: str
    level: int
    """0 when it is raised; each escalation adds one."""
    roles: tuple[Code, ...]
    """Who must know."""
    since: Moment
    """Since when the cause is there."""
    at: Moment

    @property
    def key(self) -> str:
        """Return the warning's id."""
        return str(self.warning_id)


class PurchasingWarningRaised(PurchasingWarningFact):
    """Somebody must act; said once for each level, with the same id."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.warning_raised.v1"


class PurchasingWarningCleared(PurchasingWarningFact):
    """The cause of a warning is gone."""

    TYPE: ClassVar[str] = "trueshelf.purchasing.warning_cleared.v1"


class RepricedLine(BaseModel):
    """By how much a line of a receipt is worth more or less than it was booked at."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_no: int
    item_id: Code
    site_id: Code
    quantity: Quantity
    difference: Amount
    """For the whole line, in the currency of the books."""


class ReceiptRepriced(Event):
    """What a receipt's goods cost turned out to be another sum than they were booked at."""

    TOPIC: ClassVar[Topic] = RECEIPT
    TYPE: ClassVar[str] = "trueshelf.purchasing.receipt_repriced.v1"

    repricing_id: UUID
    receipt_id: UUID
    receipt_number: str
    cause: str
    document_id: UUID
    document_number: str
    currency: Currency
    at: Moment
    lines: tuple[RepricedLine, ...]
    posted_by: str = ""
    """Who decided it: approved other prices, or matched the invoice, or took that back."""

    @property
    def key(self) -> str:
        """Return the receipt's id."""
        return str(self.receipt_id)
