"""Let a person act for a supplier, or no longer."""

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.suppliers import store
from purchasing.suppliers.domain import NotAPortalUser, PortalUser, PortalUserTaken
from servicekit.clock import now


async def add_portal_user(
    session: AsyncSession, supplier_id: str, subject: str, by: str
) -> PortalUser:
    """Return the user, who may have been one before; raise if they act for another supplier."""
    await store.supplier(session, supplier_id)
    wanted = PortalUser(subject=subject, supplier_id=supplier_id, added_at=now(), added_by=by)
    await store.add_user_if_new(session, wanted)
    found = await store.portal_user(session, subject)
    if found.supplier_id != supplier_id:
        raise PortalUserTaken(subject=subject)
    return found


async def remove_portal_user(session: AsyncSession, supplier_id: str, subject: str) -> PortalUser:
    """Return who acted for the supplier until now."""
    await store.supplier(session, supplier_id)
    found = await store.portal_user(session, subject)
    if found.supplier_id != supplier_id:
        raise NotAPortalUser(subject=subject)
    await store.remove_user(session, found)
    return found
