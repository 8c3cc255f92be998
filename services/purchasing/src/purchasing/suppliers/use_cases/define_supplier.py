"""Define a supplier, describe one anew, or change some of its terms."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import SupplierDefined
from purchasing.suppliers import store
from purchasing.suppliers.domain import FieldChange, InvoiceBooking, Supplier, SupplierChange
from servicekit import outbox
from servicekit.clock import now
from servicekit.ids import new_id


async def define_supplier(
    session: AsyncSession, supplier_id: str, terms: Mapping[str, Any], by: str
) -> Supplier:
    """Return the supplier; say so to others unless it was described just like this before."""
    fresh = Supplier(supplier_id=supplier_id, created_at=now(), **terms)
    if not await store.add_if_new(session, fresh):
        return await change_supplier(session, supplier_id, terms, by)
    supplier = await store.supplier_to_change(session, supplier_id)
    await _announce(session, supplier)
    return supplier


async def change_supplier(
    session: AsyncSession, supplier_id: str, terms: Mapping[str, Any], by: str
) -> Supplier:
    """Return the supplier with these terms; what was different is kept with who changed it."""
    supplier = await store.supplier_to_change(session, supplier_id)
    await _keep(session, supplier, supplier.change(terms), by)
    return supplier


async def book_invoices_of(
    session: AsyncSession, supplier_id: str, how: InvoiceBooking, by: str
) -> Supplier:
    """Return the supplier whose uploaded invoices are booked so from now on."""
    supplier = await store.supplier_to_change(session, supplier_id)
    await _keep(session, supplier, supplier.let_invoices_be_booked(how, now()), by)
    return supplier


async def _keep(
    session: AsyncSession, supplier: Supplier, changes: Sequence[FieldChange], by: str
) -> None:
    at = now()
    kept = [
        SupplierChange(
            change_id=new_id(),
            supplier_id=supplier.supplier_id,
            field=one.field,
            was=one.was,
            became=one.became,
            changed_at=at,
            changed_by=by,
        )
        for one in changes
    ]
    await store.add_changes(session, kept)
    if kept:
        await _announce(session, supplier)


async def _announce(session: AsyncSession, supplier: Supplier) -> None:
    event = SupplierDefined(supplier_id=supplier.supplier_id, name=supplier.name)
    await outbox.add(session, [event])
