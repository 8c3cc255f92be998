"""Facts of inventory about goods that come in, or may be sold again."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import STOCK
from sales.orders.use_cases.wake_back_orders import BRING_GOODS, wake_for_goods
from servicekit.bus import Received, Subscription


async def on_stock(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Wake the orders that wait for such goods."""
    await wake_for_goods(session, [one.event for one in batch])


GOODS = Subscription("sales.back_orders", (STOCK,), on_stock, kinds=BRING_GOODS)
