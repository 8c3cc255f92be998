"""Define a warehouse of a site: create it, or bring its description up to date."""

from secrets import token_urlsafe

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import WarehouseDefined
from inventory.catalog import store
from inventory.catalog.domain import Warehouse
from servicekit import outbox

ENTRY_CODE_BYTES = 16
"""What nobody guesses."""


async def define_warehouse(session: AsyncSession, given: Warehouse) -> bool:
    """Return whether the warehouse is new; the same description again changes nothing."""
    await store.load_site(session, given.site_id)
    given.entry_code = token_urlsafe(ENTRY_CODE_BYTES)
    added = await store.add_warehouse(session, given)
    if added or (await store.lock_warehouse(session, given.site_id, given.warehouse_id)).revise(
        given
    ):
        fact = WarehouseDefined(
            site_id=given.site_id, warehouse_id=given.warehouse_id, name=given.name
        )
        await outbox.add(session, [fact])
    return added
