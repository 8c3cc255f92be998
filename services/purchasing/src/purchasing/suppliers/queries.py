"""Lists of suppliers, of who acts for them, of how they changed and of their prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.suppliers.domain import Price, UnknownSupplier
from purchasing.suppliers.tables import portal_users, prices, supplier_changes, suppliers


async def supplier(session: AsyncSession, supplier_id: str) -> RowMapping:
    """Return a supplier, or raise."""
    rows = await session.execute(select(suppliers).where(suppliers.c.supplier_id == supplier_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownSupplier(supplier_id=supplier_id)
    return found


async def suppliers_after(
    session: AsyncSession, after: str | None, limit: int
) -> Sequence[RowMapping]:
    """Return suppliers in order of their ids."""
    statement = select(suppliers).order_by(suppliers.c.supplier_id).limit(limit)
    if after is not None:
        statement = statement.where(suppliers.c.supplier_id > after)
    return (await session.execute(statement)).mappings().all()


async def users_after(
    session: AsyncSession, supplier_id: str, after: str | None, limit: int
) -> Sequence[RowMapping]:
    """Return who acts for a supplier, in order of their names."""
    statement = (
        select(portal_users)
        .where(portal_users.c.supplier_id == supplier_id)
        .order_by(portal_users.c.subject)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(portal_users.c.subject > after)
    return (await session.execute(statement)).mappings().all()


async def changes_before(
    session: AsyncSession, supplier_id: str, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return how a supplier's terms changed, the newest change first."""
    table = supplier_changes
    statement = (
        select(table)
        .where(table.c.supplier_id == supplier_id)
        .order_by(table.c.change_id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(table.c.change_id < before)
    return (await session.execute(statement)).mappings().all()


@dataclass(frozen=True)
class PriceFilter:
    """Which prices are looked for; None means any."""

    item_id: str | None = None
    on: date | None = None


async def prices_before(
    session: AsyncSession, supplier_id: str, wanted: PriceFilter, before: UUID | None, limit: int
) -> Sequence[Price]:
    """Return prices with their breaks, the newest first."""
    statement = (
        select(Price)
        .where(prices.c.supplier_id == supplier_id)
        .order_by(prices.c.price_id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(prices.c.price_id < before)
    if wanted.item_id is not None:
        statement = statement.where(prices.c.item_id == wanted.item_id)
    if wanted.on is not None:
        lasts = or_(prices.c.valid_to.is_(None), prices.c.valid_to >= wanted.on)
        statement = statement.where(prices.c.valid_from <= wanted.on, lasts)
    return (await session.scalars(statement)).all()
