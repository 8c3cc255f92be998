"""HTTP: a code is scanned at the door, and brings up what may be counted."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Currency, Moment, Name, SignedQuantity, UnitCost
from purchasing.orders.domain import LineKind, OrderLine, PurchaseOrder
from purchasing.receipts import store
from purchasing.receipts.routes.receipts import Clerk
from purchasing.receipts.use_cases.abandon_opening import abandon_opening
from purchasing.receipts.use_cases.open_receipt import Opened, OpenReceipt, open_receipt
from purchasing.reference.domain import Item, Units
from purchasing.reference.routes import Reader
from purchasing.reference.routes.devices import Device
from servicekit.http.routing import Session, command_router, query_router

CODE_MAX = 500
ScannedText = Annotated[str, Field(min_length=1, max_length=CODE_MAX, pattern=r"^[^\x00]+$")]

commands = command_router("receipts")
queries_router = query_router("receipts")


class OpeningIn(BaseModel):
    """What was scanned, and in which scan session: that says the site and the warehouse."""

    model_config = ConfigDict(extra="forbid")

    code: ScannedText
    session_id: UUID | None = None
    """The caller's open scan session with the device; without one the scan is refused."""
    site_id: Code | None = None
    """That of the session, if it is given."""


class UnitOut(BaseModel):
    """A unit the line may be counted in: one of it is numerator/denominator base units."""

    unit: str
    version: int | None
    numerator: int
    denominator: int


class ExpectedLine(BaseModel):
    """A line that may arrive; quantities beside `quantity` are in the base unit."""

    line_no: int
    item_id: str
    item_name: str
    kind: LineKind
    unit: str
    quantity: SignedQuantity
    unit_cost: UnitCost
    """Agreed for one of the unit, in the order's currency."""
    base_unit: str
    open: SignedQuantity
    arriving: SignedQuantity
    """On receipts that are not posted yet."""
    most: SignedQuantity
    """How much may still be received, the supplier's tolerance included."""
    tracking: str
    """Whether batches or serial numbers have to be named."""
    shelf_life_days: int | None
    units: list[UnitOut]


class ExpectedOrder(BaseModel):
    """An order of which goods may arrive."""

    order_id: UUID
    number: str
    warehouse_id: str
    currency: Currency
    due_date: date
    lines: list[ExpectedLine]


class OpeningHead(BaseModel):
    """What was scanned: it is waited for until a receipt comes of it, or it is abandoned."""

    model_config = ConfigDict(from_attributes=True)

    opening_id: UUID
    kind: str
    supplier_id: str
    site_id: str
    delivery_note: str | None
    opened_at: Moment
    opened_by: str
    device_id: str | None
    session_id: UUID | None
    warehouse_id: str | None
    """Where the session was: only what is for there is counted."""


class OpeningState(OpeningHead):
    """What was scanned, and why nothing came of it, if it was abandoned."""

    order_id: UUID | None
    abandoned_at: Moment | None
    abandoned_by: str | None
    abandoned_reason: str | None


class AbandonIn(BaseModel):
    """Why nothing comes of what was scanned."""

    model_config = ConfigDict(extra="forbid")

    reason: Name


class OpeningOut(OpeningHead):
    """What the code brought up; name `opening_id` in the receipt that is counted from it."""

    supplier_name: str
    orders: list[ExpectedOrder]
    """Those for the session's warehouse, the most urgent first, fifty at most."""
    orders_elsewhere: int
    """How many orders of the supplier are for other warehouses of the site."""


@commands.post("/receipts/openings", status_code=201)
async def scan(
    body: OpeningIn, session: Session, caller: Clerk, device: Device = None
) -> OpeningOut:
    """Open a receipt by the QR code of an order, a supplier or a delivery note."""
    wanted = OpenReceipt(
        scanned=body.code,
        site_id=body.site_id,
        session_id=body.session_id,
        device_id=device,
        caller=caller,
    )
    return _shown(await open_receipt(session, wanted))


@commands.post("/receipts/openings/{opening_id}/abandon")
async def abandon(
    opening_id: UUID, body: AbandonIn, session: Session, caller: Clerk
) -> OpeningState:
    """Say that nothing comes of what was scanned, and why: nobody waits for it any more."""
    opening = await abandon_opening(session, opening_id, body.reason, caller)
    return OpeningState.model_validate(opening)


@queries_router.get("/receipts/openings/{opening_id}")
async def read_opening(opening_id: UUID, session: Session, caller: Reader) -> OpeningState:
    """Return what was scanned, and whether it was abandoned."""
    opening = await store.opening(session, opening_id)
    caller.must_cover(opening.site_id)
    return OpeningState.model_validate(opening)


def _shown(opened: Opened) -> OpeningOut:
    return OpeningOut(
        **OpeningHead.model_validate(opened.opening).model_dump(),
        supplier_name=opened.supplier.name,
        orders=[_order(order, opened) for order in opened.orders],
        orders_elsewhere=opened.orders_elsewhere,
    )


def _order(order: PurchaseOrder, opened: Opened) -> ExpectedOrder:
    percent = opened.supplier.over_receipt_percent
    lines = [
        _line(line, percent, opened.items[line.item_id], opened.units[line.item_id])
        for line in order.lines
    ]
    return ExpectedOrder(
        order_id=order.order_id,
        number=order.number,
        warehouse_id=order.warehouse_id,
        currency=order.currency,
        due_date=order.due_date,
        lines=lines,
    )


def _line(line: OrderLine, percent: Decimal, item: Item, units: Units) -> ExpectedLine:
    most = line.most(percent) - line.received - line.arriving
    base = UnitOut(unit=units.base_unit, version=None, numerator=1, denominator=1)
    others = [
        UnitOut(unit=unit, **vars(conversion))
        for unit, conversion in sorted(units.conversions.items())
    ]
    return ExpectedLine(
        line_no=line.line_no,
        item_id=line.item_id,
        item_name=item.name,
        kind=line.kind,
        unit=line.unit,
        quantity=line.quantity,
        unit_cost=line.unit_cost,
        base_unit=line.base_unit,
        open=line.open,
        arriving=line.arriving,
        most=max(most, Decimal(0)),
        tracking=item.tracking,
        shelf_life_days=item.shelf_life_days,
        units=[base, *others],
    )
