"""Facts of the sales service."""

from datetime import date
from decimal import Decimal
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
    Total,
)

CUSTOMER = Topic("sales", "customer", 1)
ORDER = Topic("sales", "order", 1)
SHIPMENT = Topic("sales", "shipment", 1)


class CustomerDefined(Event):
    """A customer as it is now."""

    TOPIC: ClassVar[Topic] = CUSTOMER
    TYPE: ClassVar[str] = "trueshelf.sales.customer_defined.v1"

    customer_id: Code
    name: Name
    kind: Literal["outside", "own_shop"] = "outside"
    site_id: Code | None = None
    """Which site it is, if it is one of the chain's own shops."""
    credit_limit: Amount = Decimal(0)
    """How much it may owe, in the currency of the books."""
    terms_days: int = 0
    """Within how many days it pays what it buys on credit."""
    version: int = 1
    """Counts its descriptions."""

    @property
    def key(self) -> str:
        """Return the customer's id."""
        return self.customer_id


class PaymentPart(BaseModel):
    """How much of a payment settles what is owed for an order."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    order_id: UUID
    number: str
    amount: Amount


class CustomerPaymentReceived(Event):
    """A customer paid on account: for orders that it was to pay later, and maybe in advance."""

    TOPIC: ClassVar[Topic] = CUSTOMER
    TYPE: ClassVar[str] = "trueshelf.sales.customer_payment_received.v1"

    payment_id: UUID
    customer_id: Code
    site_id: Code
    """Where it was received."""
    amount: Amount
    currency: Currency
    reference: Name | None = None
    """What the bank or the customer calls it."""
    received_at: Moment
    received_by: str
    settles: tuple[PaymentPart, ...]
    owed: Total
    """What the customer owes after it."""
    balance: Total
    """What it has paid in advance after it."""

    @property
    def key(self) -> str:
        """Return the customer's id."""
        return self.customer_id


class PaymentPaidOut(BaseModel):
    """How much of a payment on account was paid out again."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    payment_id: UUID
    amount: Amount


class CustomerBalancePaidOut(Event):
    """A customer was paid out what it had in advance, or a part of it."""

    TOPIC: ClassVar[Topic] = CUSTOMER
    TYPE: ClassVar[str] = "trueshelf.sales.customer_balance_paid_out.v1"

    payout_id: UUID
    customer_id: Code
    site_id: Code
    """Whose money it was paid from."""
    amount: Amount
    currency: Currency
    means: Literal["bank_transfer", "cash", "card", "wechat", "alipay"]
    reference: Name
    """What the bank or the till calls it."""
    paid_at: Moment
    paid_by: str
    of_payments: tuple[PaymentPaidOut, ...]
    balance: Total
    """What the customer has in advance after it; one that has a balance owes nothing."""

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
    channel: str = "shop"
    """By which way it came in: shop, web, phone, import or counter."""


class SalesOrderReserved(OrderFact):
    """The goods of an order are held for it."""

    TYPE: ClassVar[str] = "trueshelf.sales.order_reserved.v1"

    reservation_id: UUID
    expires_at: Moment
    amount: Amount | None = None
    """What is to be paid for it."""
    back_order_id: UUID | None = None
    """The order under which the rest of what was asked for waits."""


class SalesOrderBackordered(OrderFact):
    """Goods of an order are not there: it waits for them, and nothing is held for it."""

    TYPE: ClassVar[str] = "trueshelf.sales.order_backordered.v1"

    customer_id: Code
    warehouse_id: Code
    currency: Currency
    promised_at: Moment
    """Who was promised goods first gets them first."""
    lines: tuple[SoldLine, ...]
    from_order_id: UUID | None = None
    """The order of which it is the rest; None if all of an order waits."""


class SalesOrderChanged(OrderFact):
    """An order is for other lines, or other goods are held for them, from now on; all are told.

    What is paid may be changed too: a `SalesOrderPaid` or `SalesOrderRefunded` of its own then says
    the difference. On credit nothing says it but the amount here: see `SalesOrderPaid.amount`.
    """

    TYPE: ClassVar[str] = "trueshelf.sales.order_changed.v1"

    customer_id: Code
    warehouse_id: Code
    currency: Currency
    amount: Amount
    """What it comes to now."""
    changed_by: str
    lines: tuple[SoldLine, ...]
    """Numbered on from those whose place they take.

    Where only other batches or units are held, since those were in hand, they are as they were.
    """
    reservation_id: UUID | None = None
    """What holds its goods from now on; None if it waits for them."""


class SalesOrderOnCredit(OrderFact):
    """An order is to be paid later, and its reservation is confirmed; `SalesOrderPaid` follows."""

    TYPE: ClassVar[str] = "trueshelf.sales.order_on_credit.v1"

    customer_id: Code
    amount: Amount
    currency: Currency
    due_on: date
    """By which day it is to be paid."""
    allowed_by: str | None = None
    """Who allowed it though it went over the customer's limit."""
    reason: str | None = None
    """Why they did."""


class SalesOrderPaid(OrderFact):
    """An order was paid and its reservation confirmed; one on credit was confirmed before."""

    TYPE: ClassVar[str] = "trueshelf.sales.order_paid.v1"

    amount: Amount
    """What was paid; of an order on credit, all that was paid for it until it was settled.

    One on credit that comes to more by a change, or of which a return is taken back, is settled
    again, and says again all that was paid so far: of several the last one counts, and they are not
    summed up. What came in, part by part, `CustomerPaymentReceived` says.
    """
    currency: Currency
    for_change: bool = False
    """Whether it was paid besides, with a change of an order that was paid before."""
    on_credit: bool = False
    """Whether the order is on credit, so that of several the last one counts; else they add up."""


class SalesOrderClosed(OrderFact):
    """An order ended without shipping anything."""

    TYPE: ClassVar[str] = "trueshelf.sales.order_closed.v1"

    outcome: Literal["refused", "expired", "cancelled"]
    cause: str
    """The stable code of the refusal, or who asked for it."""


class SalesOrderRefunded(OrderFact):
    """A customer is to get back what was paid for goods that will not leave, or too much.

    Too much was paid if a change lets a paid order come to less. Or it is for a basket that a till
    sold while it was offline, and that nothing in the books covers, or for what came back of one.
    """

    TYPE: ClassVar[str] = "trueshelf.sales.order_refunded.v1"

    customer_id: Code
    amount: Amount
    currency: Currency
    cause: str
    """Who asked for it, or the stable code of why the goods are not held any more."""


class CounterSaleKept(OrderFact):
    """What a till sold while it was offline is revenue, though nothing in the books covers it.

    There is no order and no shipment of it; `order_id` is the sale's. What is missing of the goods
    a count finds, or an adjustment says. What comes back of it a `SalesOrderRefunded` says.
    """

    TYPE: ClassVar[str] = "trueshelf.sales.counter_sale_kept.v1"

    customer_id: Code
    amount: Amount
    currency: Currency
    sold_at: Moment
    """When the till sold it: the day whose revenue it is."""
    lines: tuple[SoldLine, ...]
    """As they were sold, each in its unit; what was sold may be unknown to the books."""


class SalesOrderCompleted(OrderFact):
    """An order is closed: its goods left and were signed for or came back, and it is settled."""

    TYPE: ClassVar[str] = "trueshelf.sales.order_completed.v1"

    customer_id: Code
    on_credit: bool = False


class SalesOrderReopened(OrderFact):
    """An order that was closed is open again: what had come back of it did not, or is owed."""

    TYPE: ClassVar[str] = "trueshelf.sales.order_reopened.v1"

    customer_id: Code
    on_credit: bool = False


class ShipmentPosted(Event):
    """Goods of an order that is paid, or on credit, left the warehouse."""

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
    at_counter: bool = False
    """Whether the customer took the goods there and then: they were never in transit."""
    in_parts: bool = False
    """Whether the order leaves with several shipments. Their lines are those that are held."""
    device_id: Code | None = None
    """The registered device that it was posted with; at the counter, the till."""

    @property
    def key(self) -> str:
        """Return the shipment's id."""
        return str(self.shipment_id)


class ShipmentDelivered(Event):
    """The customer signed for a shipment: its goods are in transit no longer."""

    TOPIC: ClassVar[Topic] = SHIPMENT
    TYPE: ClassVar[str] = "trueshelf.sales.shipment_delivered.v1"

    shipment_id: UUID
    number: str
    order_id: UUID
    site_id: Code
    signed_at: Moment
    signed_by: Name
    """Who took the goods."""
    signed_via: Literal["scan", "link", "carrier"]
    proof: Name | None = None
    """Where the photo or the carrier's record is found."""
    noted_at: Moment
    noted_by: str

    @property
    def key(self) -> str:
        """Return the shipment's id."""
        return str(self.shipment_id)


class ReturnedLine(BaseModel):
    """Goods of a line of a shipment that came back, in base units.

    `amount` is what the customer gets back for them, and `returned_before` how much of that line
    had come back before: so the parts of what the line was sold for, and of what it cost, add up
    to all of it whatever the rounding.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_no: int
    shipment_line_no: int
    item_id: Code
    quantity: Quantity
    returned_before: SignedQuantity
    amount: Amount
    batch_id: BatchCode = ""
    serials: tuple[Code, ...] = ()


class ReturnFact(Event):
    """What the facts about a return carry. They follow their shipment, in order, under its key."""

    TOPIC: ClassVar[Topic] = SHIPMENT

    return_id: UUID
    number: str
    shipment_id: UUID
    order_id: UUID
    site_id: Code
    currency: Currency
    posted_at: Moment
    posted_by: str

    @property
    def key(self) -> str:
        """Return the shipment's id: nothing comes back before it left."""
        return str(self.shipment_id)


class CustomerReturnPosted(ReturnFact):
    """Goods of a shipment came back, and wait to be inspected, or never left (see below)."""

    TYPE: ClassVar[str] = "trueshelf.sales.return_posted.v1"

    shipment_number: str
    cause: Literal["customer", "undelivered"]
    """Undelivered: the customer never had them."""
    warehouse_id: Code
    returned_at: Moment
    lines: tuple[ReturnedLine, ...]
    reverses_shipment: bool = False
    """The shipment was posted by mistake: all of it is on the shelf, as before."""
    device_id: Code | None = None
    """The registered device that the goods were taken back with."""


class GoodsLost(ReturnFact):
    """Goods of a shipment were lost on their way: they will reach nobody, and don't come back.

    What they cost stays cost of sales, with nothing sold against it.
    """

    TYPE: ClassVar[str] = "trueshelf.sales.goods_lost.v1"

    shipment_number: str
    noticed_at: Moment
    lines: tuple[ReturnedLine, ...]


class RefundGranted(ReturnFact):
    """A customer is to get money back for what came back; free goods bring none."""

    TYPE: ClassVar[str] = "trueshelf.sales.refund_granted.v1"

    customer_id: Code
    amount: Amount
    on_account: bool = False
    """Whether it is set off against what the customer owes, or kept for it, and not paid out."""


class ReturnReversalFact(ReturnFact):
    """What the facts about a return that is taken back carry; it was posted then, and by whom."""

    reversal_id: UUID
    reversal_number: str


class CustomerReturnReversed(ReturnReversalFact):
    """A return was posted by mistake: all of it is undone, and what it names may come back yet."""

    TYPE: ClassVar[str] = "trueshelf.sales.return_reversed.v1"

    shipment_number: str
    cause: Literal["customer", "undelivered", "lost"]
    """Why the goods were to have come back, or that they were declared lost."""
    reason: Name
    lines: tuple[ReturnedLine, ...]


class RefundWithdrawn(ReturnReversalFact):
    """A customer is not to get the money back that a return had granted, or owes it again."""

    TYPE: ClassVar[str] = "trueshelf.sales.refund_withdrawn.v1"

    customer_id: Code
    amount: Amount
    on_account: bool = False
    """Whether the customer's account bears it."""
