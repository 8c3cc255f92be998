"""Facts of inventory about recalls."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import RecallFact
from sales.recalls.use_cases.keep_recalls import keep_recalls
from servicekit.bus import Received


async def on_quality(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Keep recalls; what else is said about quality is passed over."""
    await keep_recalls(session, [one.event for one in batch if isinstance(one.event, RecallFact)])
