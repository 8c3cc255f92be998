"""Audit a return: somebody looked at the goods and lets it be posted."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.returns import store
from purchasing.returns.domain import PurchaseReturn
from servicekit.auth import Caller
from servicekit.clock import now


async def audit_return(
    session: AsyncSession, return_id: UUID, caller: Caller, versions: Collection[int] | None
) -> PurchaseReturn:
    """Return the audited return."""
    found = await store.return_to_change(session, return_id)
    caller.must_cover(found.site_id)
    found.must_be_at(versions)
    found.audit(caller.subject, now())
    return found
