"""Facts of inventory about goods that come in, or may be sold again."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import StockFact
from sales.orders.use_cases.wake_back_orders import wake_for_goods
from servicekit.bus import Received


async def on_stock(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Wake the orders that wait for such goods."""
    await wake_for_goods(session, [one.event for one in batch if isinstance(one.event, StockFact)])
