"""Ghost items: on the list, but nowhere on a shelf, and nobody moved them for long."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.tables import item, site
from inventory.stock.tables import ledger_entry, stock_balance, stock_stream


async def ghosts(
    session: AsyncSession, since: datetime, after: str, limit: int
) -> Sequence[Row[Any]]:
    """List items without stock that nothing has moved since a moment, and that are older than it.

    What is promised is in stock, so that none of these is held by a reservation. The ledger is
    read at the end of each stream only.
    """
    stocked = exists().where(stock_balance.c.item_id == item.c.item_id, stock_balance.c.on_hand > 0)
    empty = (
        select(item.c.item_id, item.c.name, item.c.category, item.c.defined_at)
        .where(
            item.c.item_id > after,
            item.c.defined_at < since,
            item.c.disabled.is_(False),
            item.c.kit_version.is_(None),
            ~stocked,
        )
        .cte("empty")
        .prefix_with("materialized")
    )
    last = _last_movement(empty.c.item_id)
    wanted = (
        select(empty, last.c.moved_at)
        .join(last, true())
        .where(or_(last.c.moved_at.is_(None), last.c.moved_at < since))
        .order_by(empty.c.item_id)
        .limit(limit)
    )
    return (await session.execute(wanted)).all()


def _last_movement(item_id: Any) -> Any:
    """Return when anything last moved an item at any site: one entry of each of its streams."""
    stream, entry = stock_stream.c, ledger_entry.c
    newest = and_(
        entry.site_id == stream.site_id,
        entry.item_id == stream.item_id,
        entry.sequence == stream.last_sequence,
    )
    return (
        select(func.max(entry.posted_at).label("moved_at"))
        .select_from(site)
        .join(stock_stream, and_(stream.site_id == site.c.site_id, stream.item_id == item_id))
        .join(ledger_entry, newest)
        .lateral("last")
    )
