"""Closings held against the ledger, some streams at a time."""

from collections.abc import Collection, Sequence

from sqlalchemy import Row, Text, text
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.domain import Stream
from inventory.stock.store import PAGE_ENTRIES
from servicekit.columns import statement

# Pages that nobody has closed yet are no breach: the past is read from the ledger there.
_DIFFERING = statement(
    """
    with stream as (
        select site, item, (
            select max(sequence) from stock_page where site_id = site and item_id = item) as closed
        from unnest(:sites, :items) as wanted (site, item)
    ), entry as (
        select ledger_entry.*, (sequence + :size - 1) / :size * :size as last
        from stream join ledger_entry
            on site_id = site and item_id = item and sequence <= closed
    ), page as (
        select site_id, item_id, last as sequence, last - :size as opens_after,
            min(posted_at) as earliest_at,
            max(max(posted_at)) over (partition by site_id, item_id order by last) as latest_at
        from entry group by site_id, item_id, last
    ), placed as (
        select site_id, item_id, warehouse_id, batch_id, last as sequence, sum(change) as on_hand,
            coalesce(sum(quantity) filter (where target = 'in_inspection'), 0)
                - coalesce(sum(quantity) filter (where source = 'in_inspection'), 0)
                as in_inspection,
            coalesce(sum(quantity) filter (where target = 'frozen'), 0)
                - coalesce(sum(quantity) filter (where source = 'frozen'), 0) as frozen,
            max(entry.sequence) as moved_by, max(posted_at) as moved_at
        from entry group by site_id, item_id, warehouse_id, batch_id, last
    ), closing as (
        select site_id, item_id, warehouse_id, batch_id, sequence, sum(on_hand) over place
            as on_hand, sum(in_inspection) over place as in_inspection,
            sum(frozen) over place as frozen, moved_by, max(moved_at) over place as moved_at
        from placed
        window place as (partition by site_id, item_id, warehouse_id, batch_id order by sequence)
    ), differing as (
        select site_id, item_id, sequence
        from page full join (
            select stock_page.* from stock_page join stream on site_id = site and item_id = item
        ) as kept using (site_id, item_id, sequence)
        where (page.opens_after, page.earliest_at, page.latest_at)
            is distinct from (kept.opens_after, kept.earliest_at, kept.latest_at)
        union all
        select site_id, item_id, sequence
        from closing full join (
            select stock_closing.* from stock_closing
            join stream on site_id = site and item_id = item
        ) as kept using (site_id, item_id, warehouse_id, batch_id, sequence)
        where (closing.on_hand, closing.in_inspection, closing.frozen, closing.moved_by,
                closing.moved_at)
            is distinct from
            (kept.on_hand, kept.in_inspection, kept.frozen, kept.moved_by, kept.moved_at)
    )
    select site_id, item_id, min(sequence) as sequence
    from differing group by site_id, item_id order by site_id, item_id
    """,
    sites=Text,
    items=Text,
)
_STREAMS = text("""
    select site_id, item_id from stock_stream
    where (site_id, item_id) > (:after_site, :after_item)
    order by site_id, item_id limit :limit
""")


async def streams_after(session: AsyncSession, after: Stream, limit: int) -> list[Stream]:
    """Return so many streams more, in order."""
    given = {"after_site": after[0], "after_item": after[1], "limit": limit}
    return [(row.site_id, row.item_id) for row in await session.execute(_STREAMS, given)]


async def differing_closings(
    session: AsyncSession, streams: Collection[Stream]
) -> Sequence[Row[tuple[str, str, int]]]:
    """Return, of each stream with a closing that the ledger does not say, where the first ends."""
    given = {
        "sites": [site for site, _ in streams],
        "items": [item for _, item in streams],
        "size": PAGE_ENTRIES,
    }
    return (await session.execute(_DIFFERING, given)).all()
