"""Loads suppliers, who acts for them, and the prices agreed with them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, delete, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.suppliers.domain import (
    NotAPortalUser,
    OverdueLine,
    PortalUser,
    Price,
    Supplier,
    SupplierChange,
    UnknownPrice,
    UnknownSupplier,
)
from purchasing.suppliers.tables import (
    overdue_lines,
    portal_users,
    prices,
    supplier_changes,
    suppliers,
)


async def add_if_new(session: AsyncSession, supplier: Supplier) -> bool:
    """Insert the supplier unless its id is taken; return whether it was inserted."""
    statement = insert(suppliers).values(
        {column.name: getattr(supplier, column.name) for column in suppliers.columns}
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


async def has_users(session: AsyncSession, supplier_id: str) -> bool:
    """Tell whether anybody acts for the supplier on the portal."""
    anybody = select(portal_users.c.subject).where(portal_users.c.supplier_id == supplier_id)
    return await session.scalar(anybody.limit(1)) is not None


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


async def add_changes(session: AsyncSession, changes: Sequence[SupplierChange]) -> None:
    """Keep who changed which term; nobody takes that back."""
    if changes:
        await session.execute(insert(supplier_changes), [asdict(one) for one in changes])


async def prices_of(
    session: AsyncSession, supplier_id: str, item_ids: Collection[str]
) -> Sequence[Price]:
    """Return the supplier's prices for the items, past and future ones too."""
    statement = (
        select(Price)
        .where(
            prices.c.supplier_id == supplier_id,
            prices.c.item_id == any_(literal(sorted(set(item_ids)), ARRAY(Text))),
        )
        .order_by(prices.c.price_id)
    )
    return (await session.scalars(statement)).all()


async def price_of(session: AsyncSession, supplier_id: str, price_id: UUID) -> Price:
    """Load a price; prices change under the lock of their supplier alone."""
    found = await session.get(Price, price_id)
    if found is None or found.supplier_id != supplier_id:
        raise UnknownPrice(supplier_id=supplier_id, price_id=price_id)
    return found


async def overdue_of(session: AsyncSession, supplier_id: str) -> Sequence[OverdueLine]:
    """Return the lines that suspend the supplier, the oldest first; none if it is not suspended."""
    statement = (
        select(overdue_lines)
        .where(overdue_lines.c.supplier_id == supplier_id)
        .order_by(overdue_lines.c.since, overdue_lines.c.order_id, overdue_lines.c.line_no)
    )
    return [OverdueLine(**row) for row in (await session.execute(statement)).mappings()]


async def overdue_of_order(session: AsyncSession, order_id: UUID) -> Sequence[OverdueLine]:
    """Return the order's lines that are noted as overdue; they change under the order's lock."""
    statement = select(overdue_lines).where(overdue_lines.c.order_id == order_id)
    rows = await session.execute(statement.order_by(overdue_lines.c.line_no))
    return [OverdueLine(**row) for row in rows.mappings()]


async def add_overdue(session: AsyncSession, lines: Sequence[OverdueLine]) -> None:
    """Note lines as overdue."""
    await session.execute(insert(overdue_lines), [asdict(one) for one in lines])


async def remove_overdue(session: AsyncSession, lines: Sequence[OverdueLine]) -> None:
    """Forget lines of one order that are closed."""
    numbers = [line.line_no for line in lines]
    await session.execute(
        delete(overdue_lines).where(
            overdue_lines.c.order_id == lines[0].order_id, overdue_lines.c.line_no.in_(numbers)
        )
    )
