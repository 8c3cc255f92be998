"""What costing hears: every movement of stock."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import STOCK, StockFact
from costing.valuation.use_cases.value_movements import value_movements
from servicekit.bus import Received, Subscription


def stock_facts(currency: str) -> Subscription:
    """Return the subscription that values stock facts in the currency of the books."""

    async def handle(session: AsyncSession, batch: Sequence[Received]) -> None:
        facts = [one.event for one in batch if isinstance(one.event, StockFact)]
        if facts:
            await value_movements(session, facts, currency)

    return Subscription(group="costing.valuation", topics=(STOCK,), handle=handle, lanes=2)
