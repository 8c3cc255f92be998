"""Take note that inventory let go of what it held for sales that had not heard of it yet."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReservationReleased
from sales.counter import store
from sales.counter.domain.sale import RELEASED_BY_OTHERS
from servicekit.clock import now


async def end_lost_sales(session: AsyncSession, releases: Sequence[ReservationReleased]) -> None:
    """End the open sales among them: a recall or a person took what was held for them."""
    if not releases:
        return
    ids = sorted({release.order_id for release in releases})
    for sale in await store.open_sales(session, ids):
        problem = {"code": RELEASED_BY_OTHERS, "detail": "What was held was released by others."}
        sale.deny(RELEASED_BY_OTHERS, problem, now())
        await store.save(session, sale)
