"""Audit the reversal of a return: somebody else agrees that the return was a mistake."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.returns import store
from sales.returns.domain.reversal import ReturnReversal
from servicekit.auth import Caller
from servicekit.clock import now


async def audit_reversal(
    session: AsyncSession, reversal_id: UUID, caller: Caller, versions: Collection[int] | None
) -> ReturnReversal:
    """Return the audited reversal."""
    _, found = await store.reversal_to_change(session, reversal_id)
    caller.must_cover(found.site_id)
    found.must_be_at(versions)
    found.audit(caller.subject, now())
    return found
