"""Loads suppliers."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.suppliers.domain import Supplier, UnknownSupplier
from purchasing.suppliers.tables import suppliers


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
