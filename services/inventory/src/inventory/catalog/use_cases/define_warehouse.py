"""Define a warehouse of a site: create it, or bring its description up to date."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import WarehouseDefined
from inventory.catalog import store
from inventory.catalog.domain import Warehouse
from inventory.catalog.use_cases.change_entry_code import new_entry_code
from servicekit import outbox
from sheets.imports import Outcome


async def define_warehouse(session: AsyncSession, given: Warehouse) -> Outcome:
    """Return what this did; the same description again changes nothing."""
    await store.load_site(session, given.site_id)
    given.entry_code = new_entry_code()
    added = await store.add_warehouse(session, given)
    if not added:
        known = await store.lock_warehouse(session, given.site_id, given.warehouse_id)
        if not known.revise(given):
            return Outcome.UNCHANGED
    fact = WarehouseDefined(
        site_id=given.site_id,
        warehouse_id=given.warehouse_id,
        name=given.name,
        ships_for_others=given.ships_for_others,
    )
    await outbox.add(session, [fact])
    return Outcome.ADDED if added else Outcome.CHANGED
