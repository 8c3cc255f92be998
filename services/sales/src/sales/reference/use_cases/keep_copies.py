"""Keep the copies of inventory's reference data up to date."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import (
    DeviceDefined,
    ItemDefined,
    SiteDefined,
    SubstituteDefined,
    WarehouseDefined,
)
from sales.reference import store
from sales.reference.tables import devices, items, sites, substitutes, warehouses

Definition = ItemDefined | SiteDefined | WarehouseDefined | DeviceDefined | SubstituteDefined

# A copy keeps the fields it has columns for: events may grow others.
COPIES = (
    (ItemDefined, items),
    (SiteDefined, sites),
    (WarehouseDefined, warehouses),
    (DeviceDefined, devices),
    (SubstituteDefined, substitutes),
)


async def keep_copies(session: AsyncSession, definitions: Sequence[Definition]) -> None:
    """Take over what inventory says; of several descriptions of one thing the last counts."""
    for kind, table in COPIES:
        kept = set(table.c.keys())
        rows = [one.model_dump(include=kept) for one in definitions if isinstance(one, kind)]
        await store.put(session, table, rows)
