"""Draft a return of what came back of a shipment; from now on nobody else can return it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders import store as orders
from sales.reference import store as reference
from sales.returns import store
from sales.returns.domain.customer_return import CustomerReturn, ReturnLine
from sales.returns.domain.loss_refusals import LossNeedsReason
from sales.returns.domain.refusals import (
    NothingToReturn,
    ReturnedInPart,
    ReturnLinesMissing,
    ReversalIsWhole,
)
from sales.returns.domain.shipped import LineWanted, ShippedLine, must_be_returnable
from sales.returns.domain.states import ReturnCause
from sales.shipments import store as shipments
from sales.shipments.domain import Shipment
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

PREFIXES = {ReturnCause.REVERSAL: "RV", ReturnCause.LOST: "LS"}
PREFIX = "RT"


@dataclass(frozen=True, kw_only=True)
class DraftReturn:
    """What came back, why, and where it lies now; no lines mean all of what never arrived."""

    shipment_id: UUID
    cause: ReturnCause
    warehouse_id: str | None
    reason: str | None
    lines: Sequence[LineWanted]
    caller: Caller
    device_id: str | None = None


async def draft_return(session: AsyncSession, wanted: DraftReturn) -> CustomerReturn:
    """Return the draft; raise if it is more than what left and has not come back."""
    shipment = await shipments.shipment_of(session, wanted.shipment_id)
    wanted.caller.must_cover(shipment.site_id)
    await reference.must_be_in_use(session, shipment.site_id, wanted.device_id)
    order = await orders.order_to_change(session, shipment.order_id)
    await _must_be_undelivered(session, wanted)
    shipped = await store.shipped_lines(session, shipment)
    coming = _coming(wanted, shipment, shipped)
    must_be_returnable(shipment.number, coming, shipped)
    await _must_measure(session, coming, shipped)
    warehouse_id = wanted.warehouse_id or shipment.warehouse_id
    site = await reference.site_with_warehouse(session, shipment.site_id, warehouse_id)
    at, prefix = now(), PREFIXES.get(wanted.cause, PREFIX)
    drafted = CustomerReturn(
        return_id=new_id(),
        number=await orders.next_number(session, prefix, site.site_id, site.day_of(at)),
        cause=wanted.cause,
        shipment_id=shipment.shipment_id,
        shipment_number=shipment.number,
        order_id=shipment.order_id,
        customer_id=order.customer_id,
        site_id=shipment.site_id,
        warehouse_id=warehouse_id,
        currency=shipment.currency,
        reason=wanted.reason,
        returned_at=at,
        returned_by=wanted.caller.subject,
        device_id=wanted.device_id,
        lines=[
            _line(line_no, line, shipped[line.shipment_line_no])
            for line_no, line in enumerate(coming, start=1)
        ],
    )
    session.add(drafted)
    return drafted


async def _must_be_undelivered(session: AsyncSession, wanted: DraftReturn) -> None:
    """Raise if a customer signed for what is to come back undelivered; the order is locked."""
    if wanted.cause is ReturnCause.LOST and not wanted.reason:
        raise LossNeedsReason
    if wanted.cause.never_reached_customer:
        (await shipments.shipment_of(session, wanted.shipment_id)).must_not_be_signed_for()


def _coming(
    wanted: DraftReturn, shipment: Shipment, shipped: Mapping[int, ShippedLine]
) -> Sequence[LineWanted]:
    if wanted.cause is ReturnCause.REVERSAL:
        return _all_of(wanted, shipment, shipped)
    if wanted.lines:
        return wanted.lines
    if wanted.cause is ReturnCause.CUSTOMER:
        raise ReturnLinesMissing(number=shipment.number)
    rest = [line.rest for line in shipped.values() if line.returnable]
    if not rest:
        raise NothingToReturn(number=shipment.number)
    return rest


def _all_of(
    wanted: DraftReturn, shipment: Shipment, shipped: Mapping[int, ShippedLine]
) -> Sequence[LineWanted]:
    if wanted.lines or wanted.warehouse_id is not None or not wanted.reason:
        raise ReversalIsWhole(number=shipment.number)
    if any(line.claimed for line in shipped.values()):
        raise ReturnedInPart(number=shipment.number)
    return [line.rest for line in shipped.values()]


async def _must_measure(
    session: AsyncSession, coming: Sequence[LineWanted], shipped: Mapping[int, ShippedLine]
) -> None:
    items = await reference.items_of(session, [one.item_id for one in shipped.values()])
    for line_no, line in enumerate(coming, start=1):
        items[shipped[line.shipment_line_no].item_id].must_measure(line.quantity, line_no)


def _line(line_no: int, wanted: LineWanted, shipped: ShippedLine) -> ReturnLine:
    return ReturnLine(
        line_no=line_no,
        shipment_line_no=shipped.line_no,
        item_id=shipped.item_id,
        unit=shipped.unit,
        quantity=wanted.quantity,
        batch_id=wanted.batch_id,
        serials=wanted.serials,
    )
