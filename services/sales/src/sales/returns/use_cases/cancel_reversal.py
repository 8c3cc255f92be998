"""Cancel the reversal of a return that was not posted: the return stays as it is."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.returns import store
from sales.returns.domain.reversal import ReturnReversal
from servicekit.auth import Caller
from servicekit.clock import now


async def cancel_reversal(
    session: AsyncSession, reversal_id: UUID, caller: Caller, versions: Collection[int] | None
) -> ReturnReversal:
    """Return the cancelled reversal."""
    _, found = await store.reversal_to_change(session, reversal_id)
    caller.must_cover(found.site_id)
    found.must_be_at(versions)
    found.cancel(caller.subject, now())
    return found
