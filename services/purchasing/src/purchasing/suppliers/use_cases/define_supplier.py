"""Define a supplier, or describe one anew."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import SupplierDefined
from purchasing.suppliers import store
from purchasing.suppliers.domain import Supplier
from servicekit import outbox
from servicekit.clock import now


@dataclass(frozen=True)
class DefineSupplier:
    """A supplier's description, whole."""

    supplier_id: str
    name: str
    over_receipt_percent: Decimal


async def define_supplier(session: AsyncSession, order: DefineSupplier) -> Supplier:
    """Return the supplier; say so to others unless it was described just like this before."""
    fresh = Supplier(
        supplier_id=order.supplier_id,
        name=order.name,
        over_receipt_percent=order.over_receipt_percent,
        created_at=now(),
    )
    is_new = await store.add_if_new(session, fresh)
    supplier = await store.supplier_to_change(session, order.supplier_id)
    if supplier.redefine(order.name, order.over_receipt_percent) or is_new:
        event = SupplierDefined(supplier_id=supplier.supplier_id, name=supplier.name)
        await outbox.add(session, [event])
    return supplier
