"""How long stock documents have been waiting."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.documents.domain.steps import OPEN
from inventory.documents.tables import stock_document


async def oldest_unposted(session: AsyncSession) -> datetime | None:
    """Return since when the oldest document waits that is neither posted nor cancelled."""
    oldest = select(func.min(stock_document.c.drafted_at)).where(stock_document.c.status.in_(OPEN))
    found: datetime | None = await session.scalar(oldest)
    return found
