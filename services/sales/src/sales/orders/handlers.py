"""Facts of inventory about reservations."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReservationReleased
from sales.orders.use_cases.end_reservations import end_reservations
from servicekit.bus import Received


async def on_reservations(session: AsyncSession, batch: Sequence[Received]) -> None:
    """End orders whose goods were let go of; the rest the answers to our own questions say."""
    releases = [one.event for one in batch if isinstance(one.event, ReservationReleased)]
    await end_reservations(session, releases)
