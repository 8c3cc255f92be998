"""Facts of the inventory service: reference data, stock movements and reservations."""

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
    Latitude,
    Longitude,
    Measure,
    Moment,
    Name,
    Quantity,
    SignedQuantity,
    UnitCost,
)

ITEM = Topic("inventory", "item", 1)
SITE = Topic("inventory", "site", 1)
SCAN_SESSION = Topic("inventory", "scan_session", 1)
STOCK = Topic("inventory", "stock", 1)
DOCUMENT = Topic("inventory", "document", 1)
RESERVATION = Topic("inventory", "reservation", 1)
BOOKING = Topic("inventory", "booking", 1)
QUALITY = Topic("inventory", "quality", 1)
COUNT = Topic("inventory", "count", 1)
CONDITION = Topic("inventory", "condition", 1, inbound=True)


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
    tracking: Literal["none", "batch", "serial"] = "none"
    """What receipts and shipments must name: a batch, or each serial number."""
    for_sale: bool = True
    """False for gifts, samples and materials: they are given away at most."""
    disabled: bool = False
    """True for items nobody orders or sells any more; their history stays."""
    shelf_life_days: int | None = None
    """From manufacture to expiry; the batches of such items have a date."""
    kit: bool = False
    """True for items made of others: only their components are received, moved and counted."""

    @property
    def key(self) -> str:
        """Return the item's id."""
        return self.item_id


class UnitDefined(Event):
    """A version of an item's unit: from a moment on, one is numerator/denominator base units."""

    TOPIC: ClassVar[Topic] = ITEM
    TYPE: ClassVar[str] = "trueshelf.inventory.unit_defined.v1"

    item_id: Code
    unit: Code
    version: int
    numerator: int
    denominator: int
    valid_from: Moment

    @property
    def key(self) -> str:
        """Return the item's id: a unit stays in order with its item."""
        return self.item_id


class SubstituteDefined(Event):
    """What may be sold instead of an item, as it is now; nobody substitutes it silently."""

    TOPIC: ClassVar[Topic] = ITEM
    TYPE: ClassVar[str] = "trueshelf.inventory.substitute_defined.v1"

    item_id: Code
    substitute_id: Code
    rank: int
    """The lower, the better it stands in for the item."""
    numerator: int
    """So many base units of the substitute stand for `denominator` base units of the item."""
    denominator: int
    both_ways: bool
    """Whether the item stands in for the substitute as well."""
    valid_from: date
    valid_to: date | None = None
    """Its last day."""

    @property
    def key(self) -> str:
        """Return the item's id: it stays in order with its item."""
        return self.item_id


class SiteDefined(Event):
    """A site as it is now."""

    TOPIC: ClassVar[Topic] = SITE
    TYPE: ClassVar[str] = "trueshelf.inventory.site_defined.v1"

    site_id: Code
    name: Name
    time_zone: str
    latitude: Latitude | None = None
    """Where it is (WGS 84), with the longitude, if anybody said so."""
    longitude: Longitude | None = None

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
    ships_for_others: bool = False
    """Whether it may ship what was ordered at another site, or from another warehouse."""

    @property
    def key(self) -> str:
        """Return the site's id: a warehouse stays in order with its site."""
        return self.site_id


class DeviceDefined(Event):
    """A device of a site as it is now: what goods are scanned and weighed with."""

    TOPIC: ClassVar[Topic] = SITE
    TYPE: ClassVar[str] = "trueshelf.inventory.device_defined.v1"

    site_id: Code
    device_id: Code
    name: Name
    kind: Literal["scanner", "scale", "phone"]
    revoked: bool
    """Nothing it sends counts any more."""

    @property
    def key(self) -> str:
        """Return the site's id: a device stays in order with its site."""
        return self.site_id


class ScanSessionOpened(Event):
    """A user scans with a device in a warehouse from now on: what is scanned is bound to it."""

    TOPIC: ClassVar[Topic] = SCAN_SESSION
    TYPE: ClassVar[str] = "trueshelf.inventory.scan_session_opened.v1"

    session_id: UUID
    site_id: Code
    warehouse_id: Code
    user_id: Name
    device_id: Code
    opened_at: Moment
    expires_at: Moment
    """When it ends without anything being told."""

    @property
    def key(self) -> str:
        """Return the session's id."""
        return str(self.session_id)


class ScanSessionEnded(Event):
    """A session ended; one whose time was over is told of only when somebody looked after it."""

    TOPIC: ClassVar[Topic] = SCAN_SESSION
    TYPE: ClassVar[str] = "trueshelf.inventory.scan_session_ended.v1"

    session_id: UUID
    site_id: Code
    ended_at: Moment
    end: Literal["closed", "replaced", "revoked", "expired"]
    """Replaced: its user or its device opened another one; revoked: its device was."""

    @property
    def key(self) -> str:
        """Return the session's id."""
        return str(self.session_id)


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
    batch_id: BatchCode = ""
    serials: tuple[Code, ...] = ()
    user_id: str = ""
    """Who posted the document."""
    device_id: str | None = None

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


class StockIssued(StockFact):
    """Goods are gone otherwise than by a sale: used, scrapped, lost or found missing."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_issued.v1"

    reason: Literal["issue", "scrap", "adjustment", "stocktake", "transfer_loss"]


class StockGained(StockFact):
    """Goods were found, or came in without a supplier's receipt.

    Without a cost they come in at the present average of their site and item.
    """

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_gained.v1"

    reason: Literal["receipt", "adjustment", "stocktake", "transfer_surplus"]
    unit_cost: UnitCost | None = None
    currency: Currency | None = None


class StockDispatched(StockFact):
    """Goods left for another warehouse; until they arrive they are in transit to it."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_dispatched.v1"

    to_site_id: Code
    to_warehouse_id: Code


class StockArrived(StockFact):
    """Goods that entry `dispatch_sequence` of `from_site_id` and the same item sent have arrived.

    Their value is their share of what left with that entry; `outstanding` is what of it is still
    in transit afterwards, so that the last arrival takes all the value that is left.
    """

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_arrived.v1"

    from_site_id: Code
    dispatch_sequence: int
    dispatched: Quantity
    outstanding: SignedQuantity


class StockStatusChanged(StockFact):
    """Goods on hand may be used otherwise than before: inspected, released, frozen. No value."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_status_changed.v1"

    source: Literal["available", "in_inspection", "frozen"]
    target: Literal["available", "in_inspection", "frozen"]


class StockReversed(StockFact):
    """Entry `reverses` of the same stream is taken back, with the value it had."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_reversed.v1"

    reverses: int
    direction: Literal["in", "out"]
    """Whether the reversal brings goods in or takes them out."""


class StockReturned(StockFact):
    """Goods of a shipment came back, with the share of what entry `reverses` cost that they are.

    `returned_before` is how much of that entry had come back before: the shares add up to its cost.
    """

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_returned.v1"

    reverses: int
    """The entry of the same stream by which the goods had left."""
    returned_before: SignedQuantity
    shipment_id: UUID
    shipment_line_no: int
    order_id: UUID


class StockReturnedToSupplier(StockFact):
    """Goods of a supplier's receipt went back, at their share of what is left of its cost by then.

    The entries of the stream say what is left: what the receipt brought, what it turned out to cost
    and what had gone back before. So the shares add up to its cost, in the ledger's order.
    """

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_returned_to_supplier.v1"

    reverses: int
    """The entry of the same stream by which the goods had come."""
    source: Literal["available", "in_inspection", "frozen"]
    """What they were on the shelf."""
    receipt_id: UUID
    receipt_number: str
    receipt_line_no: int


class StockReturnReversed(StockFact):
    """A customer's return is taken back: its goods are no longer there, and neither is their cost.

    A return's line is taken out of every status its goods are in by then, by an entry for each;
    `reversed_before` is how much of entry `reverses` those before took: the shares add up to it.
    """

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_return_reversed.v1"

    reverses: int
    """The entry of the same stream by which the goods had come back."""
    shipped_by: int
    """The entry of the same stream by which they had left before."""
    reversed_before: SignedQuantity = Decimal(0)
    source: Literal["available", "in_inspection", "frozen"]
    """What they were on the shelf."""
    return_id: UUID
    shipment_id: UUID
    shipment_line_no: int
    order_id: UUID


class StockSupplierReturnReversed(StockFact):
    """A return to a supplier is taken back: its goods are there again, with what they had taken."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_supplier_return_reversed.v1"

    reverses: int
    """The entry of the same stream by which the goods had gone back."""
    received_by: int
    """The entry of the same stream by which they had come before."""
    target: Literal["available", "in_inspection", "frozen"]
    """What they are on the shelf, as before."""
    return_id: UUID
    receipt_id: UUID
    receipt_line_no: int


class StockRevalued(StockFact):
    """Goods of a receipt cost another sum than they came in at. Nothing moves: `quantity` is zero.

    The document is the one that says so, the line is the receipt's. It stands in the ledger, so
    that everybody agrees which goods had left by then.
    """

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_revalued.v1"

    quantity: SignedQuantity
    receipt_id: UUID
    receipt_number: str
    receipt_sequence: int
    """The entry of the same stream that brought the goods."""
    difference: Amount
    """By how much the receipt's line is worth more, or less if it is negative."""
    currency: Currency
    cause: str


class StockDocumentFact(Event):
    """What all facts about a stock document carry; its goods are said by the stock facts."""

    TOPIC: ClassVar[Topic] = DOCUMENT

    document_id: UUID
    number: str
    kind: Code
    site_id: Code
    warehouse_id: Code
    version: int
    """Counts the steps of the document, from 1."""
    at: Moment
    user_id: str
    """Who took the step."""
    device_id: str | None = None

    @property
    def key(self) -> str:
        """Return the document's id."""
        return str(self.document_id)


class StockDocumentDrafted(StockDocumentFact):
    """A document was drafted: from now on somebody has to decide on it."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_document_drafted.v1"


class StockDocumentAudited(StockDocumentFact):
    """A draft may be posted."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_document_audited.v1"


class StockDocumentPosted(StockDocumentFact):
    """A document moved its goods, and stays as it is from now on."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_document_posted.v1"

    effective_at: Moment
    reverses: UUID | None = None
    """The document that this one takes back."""


class StockDocumentReversed(StockDocumentFact):
    """Another document took back all that this one did."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_document_reversed.v1"

    reversed_by: UUID


class StockDocumentCancelled(StockDocumentFact):
    """A document was given up before it was posted."""

    TYPE: ClassVar[str] = "trueshelf.inventory.stock_document_cancelled.v1"


class ReservedLine(BaseModel):
    """A line of a reservation."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_no: int
    item_id: Code
    quantity: Quantity
    batch_id: BatchCode = ""


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

    reason: Literal["expired", "cancelled", "recalled", "exchanged"]
    """Exchanged: its order holds other goods instead, as a `StockReserved` of its own says."""


class ReservationReduced(ReservationFact):
    """A part of what is held is free again: nobody wants it any more. The rest is held on."""

    TYPE: ClassVar[str] = "trueshelf.inventory.reservation_reduced.v1"

    warehouse_id: Code
    lines: tuple[ReservedLine, ...]
    """What is free again."""


class ReservationFulfilled(ReservationFact):
    """All that was held has been shipped."""

    TYPE: ClassVar[str] = "trueshelf.inventory.reservation_fulfilled.v1"

    shipment_id: UUID


class PlacedLine(BaseModel):
    """Where a line of a receipt arrived."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_no: int
    warehouse_id: Code
    rule: Name | None = None
    """The arrival rule that decided so; None where it arrived as it was ordered."""


class ReceiptBooked(Event):
    """Every line of a supplier's receipt stands in the ledger, available or to be inspected."""

    TOPIC: ClassVar[Topic] = BOOKING
    TYPE: ClassVar[str] = "trueshelf.inventory.receipt_booked.v1"

    receipt_id: UUID
    site_id: Code
    booked_at: Moment
    lines: tuple[PlacedLine, ...] = ()

    @property
    def key(self) -> str:
        """Return the receipt's id."""
        return str(self.receipt_id)


class ReceiptHeld(Event):
    """A supplier's receipt can't be booked as it is: it waits until an operator has mended it."""

    TOPIC: ClassVar[Topic] = BOOKING
    TYPE: ClassVar[str] = "trueshelf.inventory.receipt_held.v1"

    receipt_id: UUID
    cause: str
    """What stands against it, for people; may be told anew when an attempt to mend it fails."""
    held_at: Moment

    @property
    def key(self) -> str:
        """Return the receipt's id: its booking comes after this, in order."""
        return str(self.receipt_id)


class ReturnBooked(Event):
    """Every line of a customer's return stands in the ledger, and waits to be inspected."""

    TOPIC: ClassVar[Topic] = BOOKING
    TYPE: ClassVar[str] = "trueshelf.inventory.return_booked.v1"

    return_id: UUID
    site_id: Code
    booked_at: Moment

    @property
    def key(self) -> str:
        """Return the return's id."""
        return str(self.return_id)


class SupplierReturnBooked(Event):
    """Every line of a return to a supplier stands in the ledger: the goods are gone."""

    TOPIC: ClassVar[Topic] = BOOKING
    TYPE: ClassVar[str] = "trueshelf.inventory.supplier_return_booked.v1"

    return_id: UUID
    receipt_id: UUID
    site_id: Code
    booked_at: Moment

    @property
    def key(self) -> str:
        """Return the receipt's id: what comes back of it is heard behind its own booking."""
        return str(self.receipt_id)


class ReturnReversalBooked(Event):
    """A customer's return is taken back in the ledger, whole: its goods are not there any more."""

    TOPIC: ClassVar[Topic] = BOOKING
    TYPE: ClassVar[str] = "trueshelf.inventory.return_reversal_booked.v1"

    reversal_id: UUID
    return_id: UUID
    site_id: Code
    booked_at: Moment

    @property
    def key(self) -> str:
        """Return the return's id: it is heard behind the return's own booking."""
        return str(self.return_id)


class SupplierReturnReversalBooked(Event):
    """A return to a supplier is taken back in the ledger, whole: its goods are there again."""

    TOPIC: ClassVar[Topic] = BOOKING
    TYPE: ClassVar[str] = "trueshelf.inventory.supplier_return_reversal_booked.v1"

    reversal_id: UUID
    return_id: UUID
    receipt_id: UUID
    site_id: Code
    booked_at: Moment

    @property
    def key(self) -> str:
        """Return the receipt's id: it is heard behind the return's own booking."""
        return str(self.receipt_id)


class ConditionRead(Event):
    """A device measured a warehouse's air. Gateways write this; inventory reads it.

    Readings may come late, repeated and in any order: `at` is the device's own clock.
    """

    TOPIC: ClassVar[Topic] = CONDITION
    TYPE: ClassVar[str] = "trueshelf.inventory.condition_read.v1"

    device_id: Code
    site_id: Code
    warehouse_id: Code
    temperature_celsius: Measure
    humidity_percent: Measure | None = None
    """Relative humidity, where the device measures it."""
    at: Moment

    @property
    def key(self) -> str:
        """Return `site:device`."""
        return f"{self.site_id}:{self.device_id}"


class InspectionRecorded(Event):
    """Goods were inspected. The rejected ones are frozen until they are returned or scrapped."""

    TOPIC: ClassVar[Topic] = QUALITY
    TYPE: ClassVar[str] = "trueshelf.inventory.inspection_recorded.v1"

    inspection_id: UUID
    site_id: Code
    warehouse_id: Code
    item_id: Code
    batch_id: BatchCode = ""
    released: SignedQuantity
    frozen: SignedQuantity
    rejected: SignedQuantity
    at: Moment

    @property
    def key(self) -> str:
        """Return `site:item`."""
        return f"{self.site_id}:{self.item_id}"


class ColdChainFact(Event):
    """What the facts about a breach of a warehouse's conditions carry."""

    TOPIC: ClassVar[Topic] = QUALITY

    breach_id: UUID
    site_id: Code
    warehouse_id: Code
    device_id: Code
    at: Moment

    @property
    def key(self) -> str:
        """Return `site:warehouse`."""
        return f"{self.site_id}:{self.warehouse_id}"


class ColdChainBreached(ColdChainFact):
    """A warehouse was outside of its limits for too long: what was available there is frozen."""

    TYPE: ClassVar[str] = "trueshelf.inventory.cold_chain_breached.v1"

    outside_since: Moment
    temperature_celsius: Measure
    humidity_percent: Measure | None = None


class ColdChainRestored(ColdChainFact):
    """The device reads inside the limits again; what was frozen waits for an inspection.

    Or somebody ended the breach, as nothing comes from the device any more.
    """

    TYPE: ClassVar[str] = "trueshelf.inventory.cold_chain_restored.v1"

    ended_by: str | None = None
    """Who ended it, if it wasn't the device."""
    reason: Name | None = None


class SensorFact(Event):
    """What the facts about a device that should measure a warehouse's air carry."""

    TOPIC: ClassVar[Topic] = QUALITY

    site_id: Code
    warehouse_id: Code
    device_id: Code
    at: Moment

    @property
    def key(self) -> str:
        """Return `site:warehouse`."""
        return f"{self.site_id}:{self.warehouse_id}"


class SensorFellSilent(SensorFact):
    """Nothing came from a device for too long: nobody knows how cold it is there. Said once."""

    TYPE: ClassVar[str] = "trueshelf.inventory.sensor_fell_silent.v1"

    heard_at: Moment
    """When something came last."""


class SensorHeardAgain(SensorFact):
    """Something comes from the device again."""

    TYPE: ClassVar[str] = "trueshelf.inventory.sensor_heard_again.v1"

    silent_since: Moment
    """When its silence was told of."""


class ExpiryFact(Event):
    """What the facts about a batch's expiry at a site carry."""

    TOPIC: ClassVar[Topic] = QUALITY

    site_id: Code
    item_id: Code
    batch_id: Code
    expires_on: date
    on_hand: SignedQuantity
    """What the site has of the batch, in whatever status."""
    at: Moment

    @property
    def key(self) -> str:
        """Return `site:item`."""
        return f"{self.site_id}:{self.item_id}"


class BatchExpiring(ExpiryFact):
    """A batch at a site has come within so many days of its expiry; said once for each number."""

    TYPE: ClassVar[str] = "trueshelf.inventory.batch_expiring.v1"

    within_days: int


class BatchExpired(ExpiryFact):
    """A batch at a site is past its expiry: what is available of it is frozen."""

    TYPE: ClassVar[str] = "trueshelf.inventory.batch_expired.v1"


class RecallFact(Event):
    """What the facts about a recall carry."""

    TOPIC: ClassVar[Topic] = QUALITY

    recall_id: UUID
    number: Code
    at: Moment

    @property
    def key(self) -> str:
        """Return the recall's id."""
        return str(self.recall_id)


class RecallOrdered(RecallFact):
    """Goods of an item are called back: frozen everywhere, promised to nobody any more.

    They are whole batches, or units from one serial number to another, both included; then numbers
    in serial numbers are compared as numbers.
    """

    TYPE: ClassVar[str] = "trueshelf.inventory.recall_ordered.v1"

    item_id: Code
    batches: tuple[Code, ...]
    recall_class: Literal["I", "II", "III"]
    """How dangerous the goods are: I is the worst."""
    reason: Name
    first_serial: Code | None = None
    last_serial: Code | None = None


class RecallClosed(RecallFact):
    """A recall has ended, with what had been shipped and what became of that."""

    TYPE: ClassVar[str] = "trueshelf.inventory.recall_closed.v1"

    outcome: Literal["completed", "withdrawn"]
    """Withdrawn: the goods were good after all and can be released by an inspection."""
    shipped: SignedQuantity
    recovered: SignedQuantity
    written_off: SignedQuantity


class CountDifference(BaseModel):
    """A place where the shelf was not what the books said at the time of its count."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_no: int
    warehouse_id: Code
    item_id: Code
    batch_id: BatchCode = ""
    counted_at: Moment
    expected: SignedQuantity
    """What the books held when it was counted."""
    counted: SignedQuantity
    gain: SignedQuantity
    loss: SignedQuantity
    """Of goods with serial numbers, other units can be found while some are missing."""
    gain_document: str | None = None
    """The number of the document that puts the books right."""
    loss_document: str | None = None


class StockCountClosed(Event):
    """A stocktake has ended, and its differences are posted."""

    TOPIC: ClassVar[Topic] = COUNT
    TYPE: ClassVar[str] = "trueshelf.inventory.stock_count_closed.v1"

    sheet_id: UUID
    number: str
    site_id: Code
    warehouse_id: Code | None = None
    """None where the count was of several warehouses."""
    opened_at: Moment
    closed_at: Moment
    counted: int
    """Places that were counted."""
    exact: int
    """Those of them where the shelf was what the books said."""
    left_alone: int
    """Places on the sheet that were not counted."""
    differences: tuple[CountDifference, ...]

    @property
    def key(self) -> str:
        """Return the sheet's id."""
        return str(self.sheet_id)
