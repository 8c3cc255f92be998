"""Which batches come near their expiry, and where; each site has its own day."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Integer, Row, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.quality.domain.expiry import EXPIRED
from inventory.stock.domain import Place
from servicekit.tables import Moment

_AT = bindparam("at", type_=Moment)

# The tightest number of days that is reached; if it, or a tighter one, was said, nothing is due.
_NOTICE = text("""
    insert into expiry_notice (site_id, item_id, batch_id, expires_on, within_days, noticed_at)
    select site_id, item_id, batch_id, expires_on, due, :at
    from (
        select site_id, item_id, batch_id, expires_on, (
            select min(days) from unnest(:days) as days where days >= expires_on - today) as due
        from (
            select distinct site_id, item_id, batch_id, expires_on,
                cast(:at at time zone time_zone as date) as today
            from batch join stock_balance using (item_id, batch_id) join site using (site_id)
            where on_hand > 0 and expires_on <= cast(:at as date) + :horizon
        ) as stocked
    ) as nearing
    where due is not null and not exists (
        select from expiry_notice as said
        where said.site_id = nearing.site_id and said.item_id = nearing.item_id
            and said.batch_id = nearing.batch_id and said.expires_on = nearing.expires_on
            and said.within_days <= due)
    order by site_id, item_id, batch_id
    limit :limit
    on conflict do nothing
    returning site_id, item_id, batch_id, expires_on, within_days, (
        select sum(on_hand) from stock_balance as held
        where held.site_id = expiry_notice.site_id and held.item_id = expiry_notice.item_id
            and held.batch_id = expiry_notice.batch_id) as on_hand
""").bindparams(_AT, bindparam("days", type_=ARRAY(Integer)), bindparam("horizon", type_=Integer))
_BLOCKED = text("""
    select site_id, item_id, warehouse_id, batch_id
    from batch join stock_balance using (item_id, batch_id)
    where blocked and on_hand > allocated + frozen
    order by site_id, item_id, warehouse_id, batch_id limit :limit
""")
_EXPIRED = text("""
    select site_id, item_id, warehouse_id, batch_id
    from batch join stock_balance using (item_id, batch_id) join site using (site_id)
    where on_hand > allocated + frozen
        and expires_on < cast(:at at time zone time_zone as date)
    order by site_id, item_id, warehouse_id, batch_id limit :limit
""").bindparams(_AT)


async def notice(
    session: AsyncSession, days: Collection[int], at: datetime, limit: int
) -> Sequence[Row[Any]]:
    """Return what has come within one of these numbers of days, or is past, and was not said."""
    given = {
        "days": sorted({*days, EXPIRED}),
        # A day more, for sites that are ahead.
        "horizon": max(days, default=0) + 1,
        "at": at,
        "limit": limit,
    }
    return (await session.execute(_NOTICE, given)).all()


async def expired_places(session: AsyncSession, at: datetime, limit: int) -> list[Place]:
    """Return where something past its expiry is neither promised nor frozen."""
    rows = await session.execute(_EXPIRED, {"at": at, "limit": limit})
    return [Place(*row) for row in rows]


async def blocked_places(session: AsyncSession, limit: int) -> list[Place]:
    """Return where something of a blocked batch is neither promised nor frozen."""
    rows = await session.execute(_BLOCKED, {"limit": limit})
    return [Place(*row) for row in rows]
