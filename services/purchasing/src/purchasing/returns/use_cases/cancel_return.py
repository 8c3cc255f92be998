"""Cancel a return that was not posted: what it had claimed can be returned by another."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.returns import store
from purchasing.returns.domain import PurchaseReturn
from servicekit.auth import Caller
from servicekit.clock import now


async def cancel_return(
    session: AsyncSession, return_id: UUID, caller: Caller, versions: Collection[int] | None
) -> PurchaseReturn:
    """Return the cancelled return."""
    found = await store.return_to_change(session, return_id)
    caller.must_cover(found.site_id)
    found.must_be_at(versions)
    found.cancel(caller.subject, now())
    return found
