"""What the books held at a moment that has passed, from closings and few entries besides.

Of each stream: the last page all of which, and of all before, was posted by then, gives what its
places had; added is what was posted by then on later pages. Those that began after the moment are
passed over, so what is read does not grow with the ledger.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Row, Text
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.domain import Place
from servicekit.columns import statement

# Streams are numbered: joined by two columns, next to no place would seem to have one, and every
# place would be compared with every other.
_FIGURES_AT = statement(
    """
    with place as (
        select *, dense_rank() over (order by site_id, item_id) as stream
        from unnest(:sites, :items, :warehouses, :batches, :numbers)
            as wanted (site_id, item_id, warehouse_id, batch_id, number)
    ), stream as (
        select one.stream, one.site_id, one.item_id, coalesce(max(sequence), 0) as closed,
            coalesce(max(sequence) filter (where latest_at <= :moment), 0) as base
        from (select distinct stream, site_id, item_id from place) as one
        left join stock_page as page
            on page.site_id = one.site_id and page.item_id = one.item_id
        group by one.stream, one.site_id, one.item_id
    ), span as (
        select stream, site_id, item_id, opens_after, sequence as until
        from stream join stock_page as page using (site_id, item_id)
        where page.sequence > base and earliest_at <= :moment
        union all
        select stream, site_id, item_id, closed, 9223372036854775807 from stream
    ), recent as (
        select stream, warehouse_id, batch_id, sum(on_hand) as on_hand,
            sum(in_inspection) as in_inspection, sum(frozen) as frozen,
            max(moved_by) as moved_by, max(moved_at) as moved_at
        from span cross join lateral (
            select warehouse_id, batch_id, sum(change) as on_hand,
                coalesce(sum(quantity) filter (where target = 'in_inspection'), 0)
                    - coalesce(sum(quantity) filter (where source = 'in_inspection'), 0)
                    as in_inspection,
                coalesce(sum(quantity) filter (where target = 'frozen'), 0)
                    - coalesce(sum(quantity) filter (where source = 'frozen'), 0) as frozen,
                max(sequence) as moved_by, max(posted_at) as moved_at
            from ledger_entry as entry
            where entry.site_id = span.site_id and entry.item_id = span.item_id
                and sequence > opens_after and sequence <= until and posted_at <= :moment
            group by warehouse_id, batch_id
        ) as sums
        group by stream, warehouse_id, batch_id
    )
    select place.site_id, place.item_id, place.warehouse_id, place.batch_id,
        coalesce(before.on_hand, 0) + coalesce(recent.on_hand, 0) as on_hand,
        coalesce(before.in_inspection, 0) + coalesce(recent.in_inspection, 0) as in_inspection,
        coalesce(before.frozen, 0) + coalesce(recent.frozen, 0) as frozen,
        null as allocated, null as available,
        coalesce(recent.moved_by, before.moved_by, 0) as sequence,
        greatest(before.moved_at, recent.moved_at) as moved_at
    from place
    join stream using (stream)
    left join recent using (stream, warehouse_id, batch_id)
    left join lateral (
        select on_hand, in_inspection, frozen, moved_by, moved_at from stock_closing as one
        where one.site_id = place.site_id and one.item_id = place.item_id
            and one.warehouse_id = place.warehouse_id and one.batch_id = place.batch_id
            and one.sequence <= base
        order by one.sequence desc limit 1
    ) as before on true
    order by number
""",
    sites=Text,
    items=Text,
    warehouses=Text,
    batches=Text,
    numbers=BigInteger,
)


async def figures_at(
    session: AsyncSession, moment: datetime, places: Sequence[Place]
) -> Sequence[Row[Any]]:
    """Return what the places held, in the order given, by the time of posting.

    Promises are no entries: of a past moment nobody knows what was allocated.
    """
    given = {
        "sites": [place.site_id for place in places],
        "items": [place.item_id for place in places],
        "warehouses": [place.warehouse_id for place in places],
        "batches": [place.batch_id for place in places],
        "numbers": list(range(len(places))),
        "moment": moment,
    }
    return (await session.execute(_FIGURES_AT, given)).all()
