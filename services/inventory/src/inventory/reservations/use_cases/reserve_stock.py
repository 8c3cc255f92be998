"""Reserve stock for an order: all lines or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReservedLine as LineFact
from contracts.inventory import StockReserved
from inventory.catalog import store as catalog
from inventory.reservations import store
from inventory.reservations.domain.reservation import Reservation, ReservedLine
from inventory.reservations.domain.shortage import shortages
from inventory.reservations.use_cases.explain_shortage import explain_shortage
from inventory.stock import store as books
from inventory.stock.domain import Place
from servicekit import outbox
from servicekit.clock import now
from servicekit.ids import new_id


@dataclass(frozen=True)
class WantedLine:
    """A line of the order, as asked for."""

    item_id: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True)
class Wanted:
    """What is to be reserved."""

    order_id: UUID
    site_id: str
    warehouse_id: str
    time_to_live: timedelta
    lines: Sequence[WantedLine]


async def reserve_stock(session: AsyncSession, wanted: Wanted) -> Reservation:
    """Return the reservation, or raise `InsufficientStock` with all there is to know."""
    await catalog.must_know_warehouses(session, {(wanted.site_id, wanted.warehouse_id)})
    items = await catalog.load_items(session, {line.item_id for line in wanted.lines})
    for line in wanted.lines:
        items[line.item_id].must_have_unit(line.unit)
        items[line.item_id].must_hold(line.quantity)
    reservation = _held(wanted)
    await store.add(session, reservation)
    await _allocate(session, reservation)
    await store.add_lines(session, reservation)
    await outbox.add(session, [_fact(reservation)])
    return reservation


async def _allocate(session: AsyncSession, reservation: Reservation) -> None:
    places = {
        line.item_id: Place(reservation.site_id, line.item_id, reservation.warehouse_id)
        for line in reservation.lines
    }
    balances = await books.lock_balances(session, places.values())
    by_item = {place.item_id: balance for place, balance in balances.items()}
    if short := shortages(reservation.lines, by_item):
        raise await explain_shortage(session, reservation, short)
    for line in reservation.lines:
        by_item[line.item_id].allocate(line.quantity)
    await books.save_balances(session, balances)


def _held(wanted: Wanted) -> Reservation:
    at = now()
    return Reservation(
        reservation_id=new_id(),
        order_id=wanted.order_id,
        site_id=wanted.site_id,
        warehouse_id=wanted.warehouse_id,
        reserved_at=at,
        expires_at=at + wanted.time_to_live,
        lines=[
            ReservedLine(line_no, line.item_id, line.quantity, line.quantity)
            for line_no, line in enumerate(wanted.lines, start=1)
        ],
    )


def _fact(reservation: Reservation) -> StockReserved:
    return StockReserved(
        reservation_id=reservation.reservation_id,
        order_id=reservation.order_id,
        site_id=reservation.site_id,
        warehouse_id=reservation.warehouse_id,
        at=reservation.reserved_at,
        expires_at=reservation.expires_at,
        lines=tuple(
            LineFact(line_no=line.line_no, item_id=line.item_id, quantity=line.quantity)
            for line in reservation.lines
        ),
    )
