"""Loads suppliers and who acts for them."""

from dataclasses import asdict

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.suppliers.domain import NotAPortalUser, PortalUser, Supplier, UnknownSupplier
from purchasing.suppliers.tables import portal_users, suppliers


async def add_if_new(session: AsyncSession, supplier: Supplier) -> bool:
    """Insert the supplier unless its id is taken; return whether it was inserted."""
    statement = insert(suppliers).values(
        supplier_id=supplier.supplier_id,
        name=supplier.name,
        over_receipt_percent=supplier.over_receipt_percent,
        created_at=supplier.created_at,
    )
    inserted = await session.scalar(
        statement.on_conflict_do_nothing().returning(suppliers.c.supplier_id)
    )
    return inserted is not None


async def supplier_to_change(session: AsyncSession, supplier_id: str) -> Supplier:
    """Load a supplier and lock it."""
    found = await session.get(Supplier, supplier_id, with_for_update={"key_share": True})
    if found is None:
        raise UnknownSupplier(supplier_id=supplier_id)
    return found


async def supplier(session: AsyncSession, supplier_id: str) -> Supplier:
    """Load a supplier as it is now."""
    found = await session.get(Supplier, supplier_id)
    if found is None:
        raise UnknownSupplier(supplier_id=supplier_id)
    return found


async def supplier_of_user(session: AsyncSession, subject: str) -> Supplier:
    """Return the supplier that the person acts for; raise if there is none."""
    user = await portal_user(session, subject)
    return await supplier(session, user.supplier_id)


async def portal_user(session: AsyncSession, subject: str) -> PortalUser:
    """Return for whom the person acts, or raise."""
    rows = await session.execute(select(portal_users).where(portal_users.c.subject == subject))
    found = rows.mappings().one_or_none()
    if found is None:
        raise NotAPortalUser(subject=subject)
    return PortalUser(**found)


async def add_user_if_new(session: AsyncSession, user: PortalUser) -> None:
    """Insert the user unless the person acts for somebody already."""
    await session.execute(insert(portal_users).values(asdict(user)).on_conflict_do_nothing())


async def remove_user(session: AsyncSession, user: PortalUser) -> None:
    """Let the person act for nobody."""
    await session.execute(delete(portal_users).where(portal_users.c.subject == user.subject))
