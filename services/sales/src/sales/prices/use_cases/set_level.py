"""Say at which level of price a customer buys from now on."""

from sqlalchemy.ext.asyncio import AsyncSession

from sales.customers import store as customers
from sales.prices import store
from servicekit.auth import Caller
from servicekit.clock import now


async def set_level(session: AsyncSession, customer_id: str, level: str, caller: Caller) -> str:
    """Return the level; raise for a customer nobody knows."""
    await customers.must_know(session, customer_id)
    await store.put_level(session, customer_id, level, now(), caller.subject)
    return level
