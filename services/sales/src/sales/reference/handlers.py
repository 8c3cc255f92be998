"""Facts of inventory about items, sites, warehouses and devices."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from sales.reference.use_cases.keep_copies import Definition, keep_copies
from servicekit.bus import Received


async def on_definitions(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Keep the copies; types that are not kept here are passed over."""
    definitions = [one.event for one in batch if isinstance(one.event, Definition)]
    await keep_copies(session, definitions)
