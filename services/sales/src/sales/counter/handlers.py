"""Facts of inventory about what it holds: for orders, and for counter sales that are not yet."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import RESERVATION, ReservationReduced, ReservationReleased
from sales.counter.use_cases.end_lost_sales import end_lost_sales
from sales.orders.use_cases.wake_back_orders import wake_for_releases, wake_for_rests
from sales.shipments.use_cases.end_reservations import end_reservations
from servicekit.bus import Received, Subscription


async def on_reservations(session: AsyncSession, batch: Sequence[Received]) -> None:
    """End what was let go of; the rest the answers to our own questions say.

    One consumer for both: each would read every fact about every reservation.
    """
    releases = [one.event for one in batch if isinstance(one.event, ReservationReleased)]
    ended = [one for one in releases if one.reason != "exchanged"]
    await end_reservations(session, ended)
    await end_lost_sales(session, ended)
    await wake_for_releases(session, releases)
    await wake_for_rests(
        session, [one.event for one in batch if isinstance(one.event, ReservationReduced)]
    )


RESERVATIONS = Subscription(
    "sales.orders",
    (RESERVATION,),
    on_reservations,
    kinds=(ReservationReleased, ReservationReduced),
)
