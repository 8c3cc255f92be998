"""Say which rate of VAT a supplier's goods are under, or those of one item."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.reference import store as reference
from purchasing.settlement import store
from purchasing.suppliers import store as suppliers
from servicekit.clock import now


async def set_vat_rate(
    session: AsyncSession, supplier_id: str, percent: Decimal, by: str, item_id: str | None = None
) -> None:
    """Let the rate apply to accruals from now on; raise if the law knows no such rate today."""
    await suppliers.supplier_to_change(session, supplier_id)
    at = now()
    await store.must_be_in_force(session, percent, at.date())
    if item_id is None:
        await store.set_supplier_rate(session, supplier_id, percent, at, by)
        return
    await reference.items_of(session, [item_id])
    await store.set_item_rate(session, supplier_id, item_id, percent, at, by)
