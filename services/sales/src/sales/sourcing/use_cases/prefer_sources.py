"""State from which sites a site would rather have its goods."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from sales.reference import store as reference
from sales.sourcing import store
from sales.sourcing.domain.refusals import SourcesRepeated


async def prefer_sources(
    session: AsyncSession, site_id: str, sources: Sequence[str], by: str, at: datetime
) -> None:
    """Replace the stated order by this one, which may be empty."""
    if len({site_id, *sources}) != len(sources) + 1:
        raise SourcesRepeated(site_id=site_id)
    for one in (site_id, *sources):
        await reference.site_of(session, one)
    await store.prefer(session, site_id, sources, by, at)
