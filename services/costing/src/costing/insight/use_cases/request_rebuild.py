"""Request a rebuild: the worker will run it beside its other work."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from costing.insight import store
from servicekit.clock import now
from servicekit.ids import new_id


async def request_rebuild(session: AsyncSession, requested_by: str) -> UUID:
    """Keep the request and return its id."""
    rebuild_id = new_id()
    await store.add_rebuild(session, rebuild_id, requested_by, now())
    return rebuild_id
