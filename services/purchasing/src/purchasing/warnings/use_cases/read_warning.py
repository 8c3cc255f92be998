"""Note that a person has read a warning."""

from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.warnings import store
from purchasing.warnings.domain import Addressee
from servicekit.clock import now


async def read_warning(session: AsyncSession, who: Addressee, warning_id: UUID) -> RowMapping:
    """Return the warning, which the person has read until it goes up a level."""
    found = await store.warning(session, who, warning_id)
    await store.keep_read(session, warning_id, found["level"], who.subject, now())
    return await store.warning(session, who, warning_id)
