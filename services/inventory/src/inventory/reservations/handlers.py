"""Facts of sales that move goods: shipments, which end reservations, and returns."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import SHIPMENT, CustomerReturnPosted, ShipmentPosted
from inventory.reservations.use_cases.book_deliveries import book_deliveries
from servicekit.bus import Received, Subscription


async def deliveries_posted(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Book the shipments and returns of a batch together."""
    facts = [received.event for received in batch]
    await book_deliveries(
        session,
        [one for one in facts if isinstance(one, ShipmentPosted)],
        [one for one in facts if isinstance(one, CustomerReturnPosted)],
    )


SHIPMENTS = Subscription("inventory.shipments", (SHIPMENT,), deliveries_posted)
