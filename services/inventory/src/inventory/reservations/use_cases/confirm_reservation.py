"""Confirm a reservation: its order was paid."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReservationConfirmed
from inventory.reservations import store
from inventory.reservations.domain.reservation import Reservation
from servicekit import outbox
from servicekit.clock import now


async def confirm_reservation(session: AsyncSession, reservation: Reservation) -> None:
    """Confirm a locked reservation. The clock is read under the lock: who is late, is late."""
    at = now()
    if reservation.confirm(at):
        await store.save(session, [reservation])
        fact = ReservationConfirmed(
            reservation_id=reservation.reservation_id,
            order_id=reservation.order_id,
            site_id=reservation.site_id,
            at=at,
        )
        await outbox.add(session, [fact])
