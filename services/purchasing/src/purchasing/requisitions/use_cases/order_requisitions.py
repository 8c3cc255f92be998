"""Order what sites ask for: an order for each supplier, site and warehouse that lines go to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.demand import store
from purchasing.demand.domain import Cover, Requisition, RequisitionLine
from purchasing.demand.use_cases.tell_requisition import tell_ordered
from purchasing.orders.domain import Delivery, PurchaseOrder
from purchasing.orders.use_cases.make_lines import LineWanted
from purchasing.orders.use_cases.place_order import PlaceOrder, place_order
from purchasing.reference import store as reference
from purchasing.requisitions.domain import (
    NothingOpen,
    PickedTwice,
    SupplierMissing,
    UnitWithoutQuantity,
)
from purchasing.suppliers import store as suppliers
from servicekit.auth import Caller
from servicekit.clock import now


@dataclass(frozen=True, kw_only=True)
class Pick:
    """A line to be ordered; what is None is as the requisition says, or as it was agreed."""

    requisition_id: UUID
    line_no: int
    quantity: Decimal | None = None
    unit: str | None = None
    supplier_id: str | None = None
    unit_cost: Decimal | None = None
    due_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class OrderRequisitions:
    """Which lines are ordered, in which currency, by whom; drafts are only written down."""

    picks: Sequence[Pick]
    currency: str
    caller: Caller
    draft: bool = False


@dataclass(frozen=True, order=True)
class Place:
    """What lines of one order have in common; sites come first, as their counters are locked."""

    site_id: str
    warehouse_id: str
    supplier_id: str


@dataclass(frozen=True)
class Wanted:
    """A line of a requisition with what is ordered of it."""

    requisition: Requisition
    line: RequisitionLine
    pick: Pick
    due: date

    def ordered(self, order_due: date) -> LineWanted:
        """Return the line of the order; it comes on its own day if the order comes earlier."""
        quantity, unit = self.line.rest()
        if self.pick.quantity is not None:
            quantity, unit = self.pick.quantity, self.pick.unit or self.line.unit
        parts = [] if self.due == order_due else [Delivery(self.due, quantity)]
        return LineWanted(self.line.item_id, quantity, unit, self.pick.unit_cost, deliveries=parts)


async def order_requisitions(
    session: AsyncSession, wanted: OrderRequisitions
) -> tuple[Sequence[PurchaseOrder], Sequence[Requisition]]:
    """Return the orders, placed or waiting for approval, and the requisitions as they are now."""
    _must_be_clear(wanted.picks)
    named = sorted({one.requisition_id for one in wanted.picks})
    found = await store.requisitions_to_change(session, named)
    for requisition in found.values():
        wanted.caller.must_cover(requisition.site_id)
        requisition.must_be_orderable()
    orders = list[PurchaseOrder]()
    for place, lines in (await _placed(session, found, wanted.picks)).items():
        order = await _order(session, place, lines, wanted)
        orders.append(order)
        await _cover(session, order, lines)
    for requisition in found.values():
        numbers = ", ".join(one.number for one in orders if one.site_id == requisition.site_id)
        if requisition.settle() is not None:
            await store.add_step(session, requisition, wanted.caller.subject, numbers)
        await tell_ordered(session, requisition, wanted.caller.subject, numbers)
    return orders, list(found.values())


def _must_be_clear(picks: Sequence[Pick]) -> None:
    seen = set[tuple[UUID, int]]()
    for pick in picks:
        named = {"requisition_id": pick.requisition_id, "line_no": pick.line_no}
        if (pick.requisition_id, pick.line_no) in seen:
            raise PickedTwice(**named)
        if pick.unit is not None and pick.quantity is None:
            raise UnitWithoutQuantity(unit=pick.unit, **named)
        seen.add((pick.requisition_id, pick.line_no))


async def _placed(
    session: AsyncSession, found: Mapping[UUID, Requisition], picks: Sequence[Pick]
) -> Mapping[Place, Sequence[Wanted]]:
    """Sort the lines by the orders they go to.

    A line is due when it is needed, but no earlier than its supplier delivers: a day that has
    passed would be overdue at once.
    """
    places = dict[Place, list[Wanted]]()
    at = now()
    for pick in picks:
        requisition = found[pick.requisition_id]
        line = requisition.line(pick.line_no)
        supplier_id = pick.supplier_id or line.supplier_id
        if not line.open:
            raise NothingOpen(number=requisition.number, line_no=line.line_no)
        if supplier_id is None:
            raise SupplierMissing(number=requisition.number, line_no=line.line_no)
        supplier = await suppliers.supplier(session, supplier_id)
        site = await reference.site_of(session, requisition.site_id)
        due = pick.due_date or max(line.needed_by, supplier.arrives(site.day_of(at)))
        place = Place(requisition.site_id, line.warehouse_id, supplier_id)
        places.setdefault(place, []).append(Wanted(requisition, line, pick, due))
    return {place: places[place] for place in sorted(places)}


async def _order(
    session: AsyncSession, place: Place, lines: Sequence[Wanted], wanted: OrderRequisitions
) -> PurchaseOrder:
    due = min(one.due for one in lines)
    return await place_order(
        session,
        PlaceOrder(
            supplier_id=place.supplier_id,
            site_id=place.site_id,
            warehouse_id=place.warehouse_id,
            currency=wanted.currency,
            due_date=due,
            lines=[one.ordered(due) for one in lines],
            caller=wanted.caller,
            draft=wanted.draft,
        ),
    )


async def _cover(session: AsyncSession, order: PurchaseOrder, lines: Sequence[Wanted]) -> None:
    covers = list[Cover]()
    for ordered, one in zip(order.lines, lines, strict=True):
        one.requisition.order(one.line.line_no, ordered.base_quantity)
        covers.append(
            Cover(
                order_id=order.order_id,
                order_line_no=ordered.line_no,
                requisition_id=one.requisition.requisition_id,
                line_no=one.line.line_no,
                base_quantity=ordered.base_quantity,
            )
        )
    await store.add_covers(session, covers)
