"""Release reservations: what they hold is free again."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReservationReleased
from inventory.reservations import store
from inventory.reservations.domain.reservation import Reason, Reservation
from inventory.stock import store as books
from inventory.stock.domain import ZERO, Place
from servicekit import outbox
from servicekit.clock import now


async def release_reservations(
    session: AsyncSession, reservations: Sequence[Reservation], reason: Reason
) -> None:
    """Release locked reservations; those released before are left as they are."""
    freed: dict[Place, Decimal] = {}
    released = []
    for reservation in reservations:
        held = reservation.release(reason)
        if held:
            released.append(reservation)
        for (item_id, batch_id), quantity in held.items():
            place = Place(reservation.site_id, item_id, reservation.warehouse_id, batch_id)
            freed[place] = freed.get(place, ZERO) + quantity
    if not released:
        return
    balances = await books.lock_balances(session, freed)
    for place, quantity in freed.items():
        balances[place].free(quantity)
    await books.save_balances(session, balances)
    await store.save(session, released)
    await outbox.add(session, [_fact(reservation, reason) for reservation in released])


def _fact(reservation: Reservation, reason: Reason) -> ReservationReleased:
    return ReservationReleased(
        reservation_id=reservation.reservation_id,
        order_id=reservation.order_id,
        site_id=reservation.site_id,
        at=now(),
        reason=reason.value,
    )
