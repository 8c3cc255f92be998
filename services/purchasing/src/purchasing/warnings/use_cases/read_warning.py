"""Note that a person has read a warning."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.warnings import queries, store
from servicekit.clock import now


async def read_warning(
    session: AsyncSession, who: queries.Addressee, warning_id: UUID
) -> queries.RowMapping:
    """Return the warning, which the person has read until it goes up a level."""
    found = await queries.warning(session, who, warning_id)
    await store.keep_read(session, warning_id, found["level"], who.subject, now())
    return await queries.warning(session, who, warning_id)
