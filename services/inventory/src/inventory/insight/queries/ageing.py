"""When the goods on hand came: the newest of the entries that brought them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

Rows = Sequence[Row[Any]]

STEP_ENTRIES = 200
_CAME = """source is null and kind <> 'reversal'
    and (kind <> 'arrival' or not exists (
        select from stock_document as arrival
        join stock_document as dispatch on dispatch.document_id = arrival.dispatch_id
        where arrival.document_id = entry.document_id and dispatch.site_id = :site))"""

# Goods moved between warehouses of the site did not come anew: what arrived from the site itself
# is left out, and so is what a reversal put back. A stream is walked back from its end, so many
# entries at a time, until what came on the way is what is there now.
_LAYERS = text(
    """
    with recursive stock as (
        select item_id, sum(on_hand) as on_hand
        from stock_balance join item using (item_id)
        where site_id = :site and item_id > :after and (:category is null or category = :category)
        group by item_id having sum(on_hand) > 0 order by item_id limit :limit
    ), walk as (
        select item_id, on_hand, last_sequence as until, cast(0 as numeric) as newer
        from stock join stock_stream using (item_id) where site_id = :site
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
            and CAME
    ) as came on newer < on_hand
    order by item_id, sequence desc
""".replace("CAME", _CAME)
).bindparams(bindparam("category", type_=Text), step=STEP_ENTRIES)


async def layers(
    session: AsyncSession, site_id: str, category: str | None, after_item: str, limit: int
) -> Rows:
    """List what came of so many items of a site with stock, by item, the newest first."""
    given = {"site": site_id, "category": category, "after": after_item, "limit": limit}
    return (await session.execute(_LAYERS, given)).all()
