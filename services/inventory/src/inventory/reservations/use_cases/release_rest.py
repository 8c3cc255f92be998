"""Release the rest of a reservation of which a part has left: what no shipment took is free."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReservationFulfilled, ReservationReduced
from contracts.inventory import ReservedLine as LineFact
from inventory.reservations import store
from inventory.reservations.domain.parts import release_rest
from inventory.reservations.domain.reservation import Reservation
from inventory.stock import store as books
from inventory.stock.domain import ZERO, Place
from servicekit import outbox
from servicekit.clock import now


async def release_the_rest(
    session: AsyncSession,
    reservation: Reservation,
    shipped: Mapping[int, Decimal],
    shipment_id: UUID,
) -> None:
    """Release what of a locked reservation no shipment took; done before, it changes nothing."""
    was_open = reservation.is_open
    freed = release_rest(reservation, shipped, shipment_id)
    if not was_open:
        return
    quantities = dict[Place, Decimal]()
    for line in reservation.lines:
        if line.line_no in freed:
            place = reservation.place_of(line)
            quantities[place] = quantities.get(place, ZERO) + freed[line.line_no]
    balances = await books.lock_balances(session, quantities)
    for place, quantity in quantities.items():
        balances[place].free(quantity)
    await books.save_balances(session, balances)
    await store.take_off(session, [reservation])
    await store.save(session, [reservation])
    await _tell(session, reservation, freed)


async def _tell(
    session: AsyncSession, reservation: Reservation, freed: Mapping[int, Decimal]
) -> None:
    facts = {
        "reservation_id": reservation.reservation_id,
        "order_id": reservation.order_id,
        "site_id": reservation.site_id,
        "at": now(),
    }
    told = tuple(
        LineFact(
            line_no=line.line_no,
            item_id=line.item_id,
            quantity=freed[line.line_no],
            batch_id=line.batch_id,
        )
        for line in reservation.lines
        if line.line_no in freed
    )
    reduced = ReservationReduced(**facts, warehouse_id=reservation.warehouse_id, lines=told)
    await outbox.add(session, [reduced] if told else [])
    if not reservation.is_open:
        ended = ReservationFulfilled(**facts, shipment_id=reservation.shipment_id)
        await outbox.add(session, [ended])
