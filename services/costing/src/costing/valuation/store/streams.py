"""Values by stream, and the entries that made them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy.ext.asyncio import AsyncSession

from costing.valuation.domain.movement import Entry, EntryKey, Kind, Later, Past, Stream
from costing.valuation.domain.valuation import Valuation
from costing.valuation.store.columns import key_columns, over, stream_columns
from servicekit.tables import Moment

_MAKE = over("""
    insert into valuation (site_id, item_id, sequence, quantity, value, carried)
    select site, item, 0, 0, 0, 0 from unnest(:sites, :items) as wanted (site, item)
    order by site, item
    on conflict do nothing
""")
_LOCK = over("""
    select site_id, item_id, sequence, quantity, value, carried, last_cost
    from valuation
    join unnest(:sites, :items) as wanted (site, item) on site_id = site and item_id = item
    order by site_id, item_id
    for no key update of valuation
""")
_SAVE = over("""
    update valuation
    set sequence = changed.number, quantity = changed.quantity, value = changed.value,
        carried = changed.carried, last_cost = changed.cost
    from unnest(:sites, :items, :sequences, :quantities, :values, :rests, :unit_costs)
        as changed (site, item, number, quantity, value, carried, cost)
    where site_id = site and item_id = item
""")
_APPEND = over("""
    insert into value_entry (
        site_id, item_id, sequence, kind, quantity, value, unit_cost, quantity_after,
        value_after, document_id, document_number, line_no, order_id, posted_at, reason, batch_id,
        reverses, variance, dispatch_site_id, dispatch_sequence, origin, cost_of_sales, costed_at)
    select entry.*, :costed_at
    from unnest(
        :sites, :items, :sequences, :kinds, :quantities, :values, :unit_costs, :quantities_after,
        :values_after, :documents, :numbers, :lines, :orders, :moments, :reasons, :batches,
        :reverses, :variances, :dispatch_sites, :dispatches, :origins, :costs_of_sales) as entry
""").bindparams(bindparam("costed_at", type_=Moment))
_PAST = over("""
    select site_id, item_id, sequence, kind, quantity, value, unit_cost,
        dispatch_site_id, dispatch_sequence, cost_of_sales
    from value_entry
    join unnest(:sites, :items, :sequences) as wanted (site, item, number)
        on site_id = site and item_id = item and sequence = number
""")

_LATER = over("""
    with wanted as (
        select * from unnest(:sites, :items, :sequences) as wanted (site, item, number)
    ), became as (
        select wanted.*, quantity, value + cost_of_sales as value
        from value_entry join wanted on site_id = site and item_id = item and origin = number
        union all
        select wanted.*, quantity, value + cost_of_sales
        from value_entry join wanted on site_id = site and item_id = item and reverses = number
        where kind = 'return' and origin is null
    )
    select site, item, number, sum(quantity) as quantity, sum(value) as value
    from became group by site, item, number
""")


async def lock(session: AsyncSession, streams: Collection[Stream]) -> dict[Stream, Valuation]:
    """Return the values of the streams, locked; those that were missing are made."""
    columns = stream_columns(sorted(streams))
    await session.execute(_MAKE, columns)
    rows = (await session.execute(_LOCK, columns)).all()
    return {(row[0], row[1]): Valuation(*row) for row in rows}


async def save(session: AsyncSession, changed: Sequence[Valuation]) -> None:
    """Write back values that were locked."""
    columns = stream_columns(one.stream for one in changed) | {
        "sequences": [one.sequence for one in changed],
        "quantities": [one.quantity for one in changed],
        "values": [one.value for one in changed],
        "rests": [one.carried for one in changed],
        "unit_costs": [one.last_cost for one in changed],
    }
    await session.execute(_SAVE, columns)


async def append(session: AsyncSession, entries: Sequence[Entry], costed_at: datetime) -> None:
    """Add value entries; none is ever changed."""
    movements = [entry.movement for entry in entries]
    columns = key_columns(one.key for one in movements) | {
        "kinds": [one.kind.value for one in movements],
        "documents": [one.document_id for one in movements],
        "numbers": [one.document_number for one in movements],
        "lines": [one.line_no for one in movements],
        "orders": [one.order_id for one in movements],
        "moments": [one.posted_at for one in movements],
        "reasons": [one.reason for one in movements],
        "batches": [one.batch_id for one in movements],
        "reverses": [one.reverses for one in movements],
        "quantities": [one.quantity for one in entries],
        "values": [one.value for one in entries],
        "unit_costs": [one.unit_cost for one in entries],
        "quantities_after": [one.quantity_after for one in entries],
        "values_after": [one.value_after for one in entries],
        "variances": [one.variance for one in entries],
        "dispatch_sites": [one.dispatch and one.dispatch[0] for one in entries],
        "dispatches": [one.dispatch and one.dispatch[2] for one in entries],
        "origins": [one.origin for one in movements],
        "costs_of_sales": [one.cost_of_sales for one in entries],
    }
    await session.execute(_APPEND, {**columns, "costed_at": costed_at})


async def past(session: AsyncSession, keys: Collection[EntryKey]) -> dict[EntryKey, Past]:
    """Return entries that are to be taken back; those not made yet are missing."""
    if not keys:
        return {}
    rows = (await session.execute(_PAST, key_columns(keys))).all()
    return {
        (site_id, item_id, sequence): Past(
            Kind(kind),
            quantity,
            value,
            cost,
            None if sender is None else (sender, item_id, dispatch),
            sold,
        )
        for site_id, item_id, sequence, kind, quantity, value, cost, sender, dispatch, sold in rows
    }


async def later(session: AsyncSession, keys: Collection[EntryKey]) -> dict[EntryKey, Later]:
    """Return what became of receipts and shipments; those that nothing befell are missing."""
    if not keys:
        return {}
    rows = (await session.execute(_LATER, key_columns(keys))).all()
    return {(site, item, number): Later(*sums) for site, item, number, *sums in rows}
