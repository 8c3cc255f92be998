"""Lists of suppliers."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.suppliers.domain import UnknownSupplier
from purchasing.suppliers.tables import suppliers


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
