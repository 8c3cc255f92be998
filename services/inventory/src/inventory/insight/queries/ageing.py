"""When the goods on hand came, now or of a past moment: the newest entries that brought them.

A past moment is read as everywhere: what the places had at the last page that was posted by then,
from its closings, and what was posted by then on later pages.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.tables import Moment

Rows = Sequence[Row[Any]]

STEP_ENTRIES = 200
_CAME = """source is null and kind <> 'reversal'
    and (kind <> 'arrival' or not exists (
        select from stock_document as arrival
        join stock_document as dispatch on dispatch.document_id = arrival.dispatch_id
        where arrival.document_id = entry.document_id and dispatch.site_id = :site))"""
_HERE = "item_id > :after and (:category is null or category = :category)"
_STOCK = f"""
    select item_id, sum(on_hand) as on_hand, last_sequence as newest
    from stock_balance join item using (item_id) join stock_stream using (site_id, item_id)
    where site_id = :site and {_HERE}
    group by item_id, last_sequence having sum(on_hand) > 0 order by item_id limit :limit
"""  # noqa: S608 - of constants
_STOCK_AT = f"""
    select item_id, before.on_hand + recent.change as on_hand,
        greatest(base, recent.newest) as newest
    from stock_stream as stream join item using (item_id) cross join lateral (
        select coalesce(max(sequence), 0) as closed,
            coalesce(max(sequence) filter (where latest_at <= :moment), 0) as base
        from stock_page as page
        where page.site_id = :site and page.item_id = stream.item_id
    ) as known cross join lateral (
        select coalesce(sum(closing.on_hand), 0) as on_hand
        from stock_balance as place cross join lateral (
            select on_hand from stock_closing as one
            where one.site_id = :site and one.item_id = stream.item_id
                and one.warehouse_id = place.warehouse_id and one.batch_id = place.batch_id
                and one.sequence <= base
            order by one.sequence desc limit 1
        ) as closing
        where place.site_id = :site and place.item_id = stream.item_id
    ) as before cross join lateral (
        select coalesce(sum(change), 0) as change, max(entry.sequence) as newest
        from (
            select opens_after, page.sequence as until from stock_page as page
            where page.site_id = :site and page.item_id = stream.item_id
                and page.sequence > base and earliest_at <= :moment
            union all
            select closed, 9223372036854775807
        ) as span join ledger_entry as entry
            on entry.site_id = :site and entry.item_id = stream.item_id
            and entry.sequence > opens_after and entry.sequence <= until
            and posted_at <= :moment
    ) as recent
    where stream.site_id = :site and {_HERE} and before.on_hand + recent.change > 0
    order by item_id limit :limit
"""  # noqa: S608 - of constants

# Goods moved between warehouses of the site did not come anew: what arrived from the site itself
# is left out, and so is what a reversal put back. A stream is walked back from its end, or from
# what was posted last by then, so many entries at a time, until what came on the way is what is
# there.
_LAYERS = """
    with recursive stock as (STOCK), walk as (
        select item_id, on_hand, newest as until, cast(0 as numeric) as newer from stock
        union all
        select item_id, on_hand, until - :step, newer + (
            select coalesce(sum(quantity), 0) from ledger_entry as entry
            where entry.site_id = :site and entry.item_id = walk.item_id
                and sequence > until - :step and sequence <= until and CAME)
        from walk where until > 0 and newer < on_hand
    )
    select stock.item_id, on_hand, came_at, quantity from stock left join lateral (
        select sequence, effective_at as came_at, quantity,
            sum(quantity) over (order by sequence desc) - quantity as newer
        from ledger_entry as entry
        where entry.site_id = :site and entry.item_id = stock.item_id
            and sequence > (select min(until) from walk where walk.item_id = stock.item_id)
            and sequence <= newest and CAME
    ) as came on newer < on_hand
    order by item_id, sequence desc
"""
_CATEGORY = bindparam("category", type_=Text)
_NOW = text(_LAYERS.replace("STOCK", _STOCK).replace("CAME", _CAME)).bindparams(
    _CATEGORY, step=STEP_ENTRIES
)
_THEN = text(
    _LAYERS.replace("STOCK", _STOCK_AT).replace("CAME", f"posted_at <= :moment and {_CAME}")
).bindparams(_CATEGORY, bindparam("moment", type_=Moment), step=STEP_ENTRIES)


async def layers(
    session: AsyncSession,
    site_id: str,
    category: str | None,
    after_item: str,
    limit: int,
    moment: datetime | None = None,
) -> Rows:
    """List what came of so many items of a site with stock, by item, the newest first.

    Of a past moment: what was there by the time of posting. The category is the item's of today.
    """
    given = {"site": site_id, "category": category, "after": after_item, "limit": limit}
    if moment is None:
        return (await session.execute(_NOW, given)).all()
    return (await session.execute(_THEN, given | {"moment": moment})).all()
