"""Goods in transit, by the entry that sent them."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from costing.valuation.domain.movement import Destination, EntryKey
from costing.valuation.domain.transit import Transit
from costing.valuation.store.columns import key_columns, over

_LOCK = over("""
    select site_id, item_id, sequence, to_site_id, to_warehouse_id, quantity, value,
        document_id, document_number, posted_at,
        arrived_quantity, arrived_value, returned_quantity, returned_value
    from transit
    join unnest(:sites, :items, :sequences) as wanted (site, item, number)
        on site_id = site and item_id = item and sequence = number
    order by site_id, item_id, sequence
    for no key update of transit
""")
_SAVE = over("""
    insert into transit (
        site_id, item_id, sequence, to_site_id, to_warehouse_id, quantity, value,
        document_id, document_number, posted_at,
        arrived_quantity, arrived_value, returned_quantity, returned_value)
    select * from unnest(
        :sites, :items, :sequences, :to_sites, :to_warehouses, :quantities, :values,
        :documents, :numbers, :moments,
        :arrived_quantities, :arrived_values, :returned_quantities, :returned_values)
    on conflict (site_id, item_id, sequence) do update
    set arrived_quantity = excluded.arrived_quantity, arrived_value = excluded.arrived_value,
        returned_quantity = excluded.returned_quantity, returned_value = excluded.returned_value
""")


async def lock(session: AsyncSession, keys: Collection[EntryKey]) -> dict[EntryKey, Transit]:
    """Return dispatches that have a value, locked; those without are missing."""
    if not keys:
        return {}
    rows = (await session.execute(_LOCK, key_columns(sorted(keys)))).all()
    return {
        (site_id, item_id, sequence): Transit(
            (site_id, item_id, sequence), Destination(to_site, to_warehouse), *rest
        )
        for site_id, item_id, sequence, to_site, to_warehouse, *rest in rows
    }


async def save(session: AsyncSession, transits: Collection[Transit]) -> None:
    """Write back transits that were locked, and those that a batch has opened."""
    if not transits:
        return
    columns = key_columns(one.key for one in transits) | {
        "to_sites": [one.destination.site_id for one in transits],
        "to_warehouses": [one.destination.warehouse_id for one in transits],
        "quantities": [one.quantity for one in transits],
        "values": [one.value for one in transits],
        "documents": [one.document_id for one in transits],
        "numbers": [one.document_number for one in transits],
        "moments": [one.posted_at for one in transits],
        "arrived_quantities": [one.arrived_quantity for one in transits],
        "arrived_values": [one.arrived_value for one in transits],
        "returned_quantities": [one.returned_quantity for one in transits],
        "returned_values": [one.returned_value for one in transits],
    }
    await session.execute(_SAVE, columns)
