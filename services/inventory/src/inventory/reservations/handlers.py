"""Facts of sales that end reservations."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import SHIPMENT, ShipmentPosted
from inventory.reservations.use_cases.fulfil_reservations import fulfil_reservations
from servicekit.bus import Received, Subscription


async def shipments_posted(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Book the shipments of a batch together."""
    facts = [received.event for received in batch]
    await fulfil_reservations(session, [one for one in facts if isinstance(one, ShipmentPosted)])


SHIPMENTS = Subscription("inventory.shipments", (SHIPMENT,), shipments_posted)
