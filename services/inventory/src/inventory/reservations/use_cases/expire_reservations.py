"""Expire reservations: what was not paid in time is released by itself."""

from inventory.reservations import store
from inventory.reservations.domain.reservation import Reason
from inventory.reservations.use_cases.release_reservations import release_reservations
from servicekit.clock import now
from servicekit.database import Database

AT_ONCE = 200
"""Reservations in one transaction, so that balances are not locked for long."""


async def expire_reservations(database: Database) -> None:
    """Release all reservations whose time is over; several workers share them out."""
    while True:
        async with database.transaction() as session:
            expired = await store.lock_expired(session, now(), AT_ONCE)
            await release_reservations(session, expired, Reason.EXPIRED)
        if len(expired) < AT_ONCE:
            return
