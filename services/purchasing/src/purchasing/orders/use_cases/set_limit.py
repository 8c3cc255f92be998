"""Set up to which amount a role decides about orders, or take its limit away."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders import store
from purchasing.orders.domain import Limit
from servicekit.clock import now


async def set_limit(
    session: AsyncSession, role: str, currency: str, amount: Decimal | None, by: str
) -> Limit:
    """Return the limit; from the first one on, whoever has none needs approval."""
    limit = Limit(role=role, currency=currency, amount=amount, set_at=now(), set_by=by)
    await store.put_limit(session, limit)
    return limit


async def remove_limit(session: AsyncSession, role: str, currency: str) -> None:
    """Take a limit away; without any, nobody needs approval."""
    await store.remove_limit(session, role, currency)
