"""Facts of costing about what was sold."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from sales.margins.use_cases.keep_costs import CostFact, keep_costs
from servicekit.bus import Received


async def on_costs(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Keep what things cost; types that say nothing of it are passed over."""
    await keep_costs(session, [one.event for one in batch if isinstance(one.event, CostFact)])
