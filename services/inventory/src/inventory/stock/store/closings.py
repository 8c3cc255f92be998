"""Closes full pages of a stream: the past is read from closings, and at most a few pages.

The ledger of a stream is a book whose pages have so many entries. Who writes the last entry of a
page writes down, in the same transaction, what each place on that page has from there on. A closing
says nothing that the ledger doesn't, so it can be held against it and be written anew.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import BigInteger, Text, text
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.domain import Stream
from servicekit.columns import statement

PAGE_ENTRIES = 20

# Closes all pages that are full and not closed yet, whoever should have done it. What was posted
# late stands behind entries of later moments. So a page tells the earliest moment on it, and the
# latest on it and all before.
_CLOSE = statement(
    """
    with entry as (
        select ledger_entry.*, last, min(last) over (partition by site, item) as first_last
        from unnest(:sites, :items, :ends) as filled (site, item, until)
        cross join lateral generate_series(:size + (
            select coalesce(max(page.sequence), 0) from stock_page as page
            where page.site_id = site and page.item_id = item
        ), until, :size) as last
        join ledger_entry on site_id = site and item_id = item
            and sequence > last - :size and sequence <= last
    ), page as (
        select site_id, item_id, last, first_last,
            min(posted_at) as earliest_at, max(posted_at) as latest_at
        from entry group by site_id, item_id, last, first_last
    ), closed as (
        insert into stock_page (site_id, item_id, sequence, opens_after, earliest_at, latest_at)
        select site_id, item_id, last, last - :size, earliest_at, greatest(
            max(latest_at) over (partition by site_id, item_id order by last),
            (select before.latest_at from stock_page as before
                where before.site_id = page.site_id and before.item_id = page.item_id
                    and before.sequence < first_last
                order by before.sequence desc limit 1))
        from page
    ), placed as (
        select site_id, item_id, warehouse_id, batch_id, last, first_last,
            sum(change) as on_hand,
            coalesce(sum(quantity) filter (where target = 'in_inspection'), 0)
                - coalesce(sum(quantity) filter (where source = 'in_inspection'), 0)
                as in_inspection,
            coalesce(sum(quantity) filter (where target = 'frozen'), 0)
                - coalesce(sum(quantity) filter (where source = 'frozen'), 0) as frozen,
            max(sequence) as moved_by, max(posted_at) as moved_at
        from entry group by site_id, item_id, warehouse_id, batch_id, last, first_last
    )
    insert into stock_closing (site_id, item_id, warehouse_id, batch_id, sequence,
        on_hand, in_inspection, frozen, moved_by, moved_at)
    select site_id, item_id, warehouse_id, batch_id, last,
        coalesce(before.on_hand, 0) + sum(placed.on_hand) over place,
        coalesce(before.in_inspection, 0) + sum(placed.in_inspection) over place,
        coalesce(before.frozen, 0) + sum(placed.frozen) over place,
        placed.moved_by, greatest(before.moved_at, max(placed.moved_at) over place)
    from placed left join lateral (
        select on_hand, in_inspection, frozen, moved_at from stock_closing as one
        where one.site_id = placed.site_id and one.item_id = placed.item_id
            and one.warehouse_id = placed.warehouse_id and one.batch_id = placed.batch_id
            and one.sequence < first_last
        order by one.sequence desc limit 1
    ) as before on true
    window place as (partition by site_id, item_id, warehouse_id, batch_id order by last)
""",
    sites=Text,
    items=Text,
    ends=BigInteger,
)
_STREAMS = text("""
    select site_id, item_id, last_sequence from stock_stream
    where (site_id, item_id) > (:after_site, :after_item)
    order by site_id, item_id limit :limit for no key update
""")
_FORGET = [
    statement(
        f"delete from {table} using unnest(:sites, :items) as wanted (site, item)"  # noqa: S608
        " where site_id = site and item_id = item",
        sites=Text,
        items=Text,
    )
    for table in ("stock_page", "stock_closing")
]


async def lock_streams_after(session: AsyncSession, after: Stream, limit: int) -> dict[Stream, int]:
    """Return the last numbers of so many streams more, locked, in the order of all locking."""
    rows = await session.execute(
        _STREAMS, {"after_site": after[0], "after_item": after[1], "limit": limit}
    )
    return {(row.site_id, row.item_id): row.last_sequence for row in rows}


async def close_pages(session: AsyncSession, written: Iterable[tuple[Stream, int]]) -> None:
    """Close the pages that these entries, in order, have filled; their streams are locked."""
    filled = {stream: number for stream, number in written if number % PAGE_ENTRIES == 0}
    if not filled:
        return
    given: dict[str, object] = {
        "sites": [site for site, _ in filled],
        "items": [item for _, item in filled],
        "ends": list(filled.values()),
        "size": PAGE_ENTRIES,
    }
    await session.execute(_CLOSE, given)


async def forget_closings(session: AsyncSession, streams: Collection[Stream]) -> None:
    """Forget the closings of streams that are locked, to write them anew."""
    given = {"sites": [site for site, _ in streams], "items": [item for _, item in streams]}
    for sql in _FORGET:
        await session.execute(sql, given)
