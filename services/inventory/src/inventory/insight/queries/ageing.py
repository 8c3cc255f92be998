"""When the goods on hand came: the newest of the entries that brought them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

Rows = Sequence[Row[Any]]

# Goods moved between warehouses of the site did not come anew: what arrived from the site itself
# is left out, and so is what a reversal put back.
_LAYERS = text("""
    select stock.item_id, on_hand, came_at, quantity from (
        select item_id, sum(on_hand) as on_hand
        from stock_balance join item using (item_id)
        where site_id = :site and item_id > :after and (:category is null or category = :category)
        group by item_id having sum(on_hand) > 0 order by item_id limit :limit
    ) as stock left join lateral (
        select sequence, effective_at as came_at, quantity,
            sum(quantity) over (order by sequence desc) - quantity as newer
        from ledger_entry as entry
        where entry.site_id = :site and entry.item_id = stock.item_id
            and source is null and kind <> 'reversal'
            and (kind <> 'arrival' or not exists (
                select from stock_document as arrival
                join stock_document as dispatch on dispatch.document_id = arrival.dispatch_id
                where arrival.document_id = entry.document_id and dispatch.site_id = :site))
    ) as came on newer < on_hand
    order by item_id, sequence desc
""").bindparams(bindparam("category", type_=Text))


async def layers(
    session: AsyncSession, site_id: str, category: str | None, after_item: str, limit: int
) -> Rows:
    """List what came of so many items of a site with stock, by item, the newest first."""
    given = {"site": site_id, "category": category, "after": after_item, "limit": limit}
    return (await session.execute(_LAYERS, given)).all()
