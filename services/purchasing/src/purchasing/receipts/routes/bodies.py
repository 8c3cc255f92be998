"""What commands about receipts take, and receipts as callers see them."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import (
    BatchCode,
    Code,
    Currency,
    Moment,
    Name,
    Quantity,
    SignedQuantity,
    UnitCost,
)
from purchasing.receipts.domain import ReceiptStatus, RefusalReason
from purchasing.receipts.use_cases.count_lines import LineCounted, LineRefused
from purchasing.receipts.use_cases.draft_receipt import DraftReceipt
from purchasing.reference.domain import Naming, Weight
from servicekit.auth import Caller

LINES_MAX = 500
SERIALS_MAX = 1000
Tare = Annotated[SignedQuantity, Field(ge=0)]


class WeightIn(BaseModel):
    """What a registered scale of the site said: gross less tare is net."""

    model_config = ConfigDict(extra="forbid")

    scale_id: Code
    gross: Quantity
    tare: Tare = Decimal(0)
    net: Quantity
    unit: Code
    weighed_at: Moment


class ReceiptLineIn(BaseModel):
    """How much of an order's line arrived: a quantity in any unit of the item, or a weight."""

    model_config = ConfigDict(extra="forbid")

    order_line_no: Annotated[int, Field(ge=1, le=LINES_MAX)]
    quantity: Quantity | None = None
    unit: Code | None = None
    """The unit it was counted in; that of the order if none is given."""
    weight: WeightIn | None = None
    batch_id: BatchCode = ""
    """Needed for items that are managed by batch."""
    manufactured_on: date | None = None
    expires_on: date | None = None
    serials: Annotated[list[Code], Field(max_length=SERIALS_MAX)] = []
    """Needed for items that are managed by serial number: one for each unit."""

    def counted(self) -> LineCounted:
        """Return the line as the use case takes it."""
        return LineCounted(
            order_line_no=self.order_line_no,
            quantity=self.quantity,
            unit=self.unit,
            weight=None if self.weight is None else Weight(**dict(self.weight)),
            naming=Naming(
                batch_id=self.batch_id,
                manufactured_on=self.manufactured_on,
                expires_on=self.expires_on,
                serials=tuple(self.serials),
            ),
        )


class RefusedIn(BaseModel):
    """How much of an order's line was turned away at the door, and why: it stays owed."""

    model_config = ConfigDict(extra="forbid")

    order_line_no: Annotated[int, Field(ge=1, le=LINES_MAX)]
    quantity: Quantity
    unit: Code | None = None
    """The unit it was counted in; that of the order if none is given."""
    reason: RefusalReason
    note: Name | None = None


class RefusedOut(BaseModel):
    """What was turned away of a line of the order, and why."""

    model_config = ConfigDict(from_attributes=True)

    order_line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    reason: RefusalReason
    note: str | None


class ReceiptIn(BaseModel):
    """What arrived against an order."""

    model_config = ConfigDict(extra="forbid")

    order_id: UUID
    opening_id: UUID | None = None
    """What was scanned for it."""
    delivery_note: Name | None = None
    lines: Annotated[list[ReceiptLineIn], Field(min_length=1, max_length=LINES_MAX)]
    refused: Annotated[list[RefusedIn], Field(max_length=LINES_MAX)] = []
    """What was turned away at the door: it is not booked, and shown to the supplier."""
    post: bool = False
    """Whether it is audited and posted with this one action."""

    def counted(self, caller: Caller, device_id: str | None) -> DraftReceipt:
        """Return the receipt as the use case takes it."""
        return DraftReceipt(
            order_id=self.order_id,
            opening_id=self.opening_id,
            delivery_note=self.delivery_note,
            lines=[line.counted() for line in self.lines],
            caller=caller,
            device_id=device_id,
            refused=[LineRefused(**dict(one)) for one in self.refused],
        )


class ReceiptLineOut(BaseModel):
    """A line of a receipt: what it is in base units at the agreed cost, and what was counted."""

    line_no: int
    order_line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    unit_cost: UnitCost
    counted_unit: str
    counted_quantity: Quantity
    unit_version: int | None
    """The version of the unit's conversion that was used."""
    batch_id: str
    manufactured_on: date | None
    expires_on: date | None
    serials: list[str]
    scale_id: str | None
    """The scale that weighed the goods, and what it said."""
    gross: Quantity | None
    tare: SignedQuantity | None
    net: Quantity | None
    weight_unit: str | None
    weighed_at: Moment | None
    arrived_in: str | None
    """The warehouse that inventory booked it into, which may be another than was ordered."""
    arrival_rule: str | None
    """The arrival rule that decided so, if one did."""
    returned: SignedQuantity
    """How much of it went back to the supplier."""


class ReceiptHead(BaseModel):
    """A receipt without its lines; `posting` ends when inventory has booked it."""

    receipt_id: UUID
    number: str
    status: ReceiptStatus
    version: int
    order_id: UUID
    supplier_id: str
    site_id: str
    warehouse_id: str
    currency: Currency
    delivery_note: str | None
    received_at: Moment
    received_by: str
    opening_id: UUID | None
    opened_at: Moment | None
    """When a code was scanned for it."""
    opened_by: str | None
    device_id: str | None
    session_id: UUID | None
    """The scan session it was scanned in; None if it was typed."""
    audited_at: Moment | None
    audited_by: str | None
    posted_at: Moment | None
    posted_by: str | None
    booked_at: Moment | None
    held_since: Moment | None
    """Since when inventory can't book it as it is: an operator has to mend what is parked there."""
    held_cause: str | None
    cancelled_at: Moment | None
    cancelled_by: str | None
    reversed_by: UUID | None
    """The return that undid it, because it was posted by mistake."""
    reversed_by_number: str | None


class ReceiptOut(ReceiptHead):
    """A receipt."""

    lines: list[ReceiptLineOut]
    refused: list[RefusedOut]
    """What was turned away at the door."""
