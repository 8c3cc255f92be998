"""Change a warehouse's entry code: pictures of the old one open no scan session any more."""

from secrets import token_urlsafe

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store
from inventory.catalog.domain import Warehouse

CODE_BYTES = 16


async def change_entry_code(session: AsyncSession, site_id: str, warehouse_id: str) -> Warehouse:
    """Return the warehouse with its new code."""
    await store.must_know_warehouses(session, {(site_id, warehouse_id)})
    changed = await store.lock_warehouse(session, site_id, warehouse_id)
    changed.entry_code = new_entry_code()
    return changed


def new_entry_code() -> str:
    """Return a code that nobody guesses."""
    return token_urlsafe(CODE_BYTES)
