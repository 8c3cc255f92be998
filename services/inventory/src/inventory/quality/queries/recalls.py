"""Recalls, where their goods are, and what became of those delivered."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text, bindparam, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.quality.domain.recall import Delivery, Recall
from inventory.quality.tables import recall, recall_delivery, recall_reservation, recall_return

Rows = Sequence[Row[Any]]
Sites = Collection[str] | None
"""Sites to look at; None means all."""

_SCOPE = (bindparam("sites", type_=ARRAY(Text)), bindparam("item", type_=Text))
_BATCHES = text("""
    select site_id, warehouse_id, batch_id, sum(available) as available,
        sum(allocated) as allocated, sum(in_inspection) as in_inspection, sum(frozen) as frozen,
        sum(in_transit) as in_transit
    from (
        select site_id, warehouse_id, batch_id, allocated, in_inspection, frozen,
            on_hand - allocated - in_inspection - frozen as available, 0 as in_transit
        from warehouse join stock_balance using (site_id, warehouse_id)
        where item_id = :item and batch_id = any(:batches) and on_hand > 0
        union all
        select to_site_id, to_warehouse_id, batch_id, 0, 0, 0, 0, outstanding
        from site join stock_in_transit on to_site_id = site_id
        where item_id = :item and batch_id = any(:batches) and outstanding > 0
    ) as held
    where (:sites is null or site_id = any(:sites))
        and (site_id, warehouse_id, batch_id) > (:after_site, :after_warehouse, :after_batch)
    group by site_id, warehouse_id, batch_id
    order by site_id, warehouse_id, batch_id limit :limit
""").bindparams(*_SCOPE, bindparam("batches", type_=ARRAY(Text)))
# Promises are by quantity: which unit is promised nobody knows, so none is shown as allocated.
_UNITS = text("""
    select site_id, warehouse_id, batch_id,
        count(*) filter (where state = 'in_stock') as available, 0 as allocated,
        count(*) filter (where state = 'in_inspection') as in_inspection,
        count(*) filter (where state = 'frozen') as frozen,
        count(*) filter (where state = 'in_transit') as in_transit
    from serial_unit
    where item_id = :item
        and serial_order(serial_no) between serial_order(:first) and serial_order(:last)
        and state in ('in_stock', 'in_inspection', 'frozen', 'in_transit')
        and (:sites is null or site_id = any(:sites))
        and (site_id, warehouse_id, batch_id) > (:after_site, :after_warehouse, :after_batch)
    group by site_id, warehouse_id, batch_id
    order by site_id, warehouse_id, batch_id limit :limit
""").bindparams(*_SCOPE)


async def recalls(
    session: AsyncSession, *, is_open: bool | None, after: UUID | None, limit: int
) -> Sequence[Recall]:
    """List recalls in the order in which they were made."""
    query = select(Recall).order_by(recall.c.recall_id).limit(limit)
    if is_open is not None:
        ongoing = recall.c.outcome.is_(None)
        query = query.where(ongoing if is_open else ~ongoing)
    if after is not None:
        query = query.where(recall.c.recall_id > after)
    return (await session.scalars(query)).all()


async def whereabouts(
    session: AsyncSession, called: Recall, sites: Sites, after: Sequence[str] | None, limit: int
) -> Rows:
    """List where called back goods are by place, in which status, or under way to it."""
    after_site, after_warehouse, after_batch = after or ("", "", "")
    given = {
        "item": called.item_id,
        "sites": None if sites is None else sorted(sites),
        "after_site": after_site,
        "after_warehouse": after_warehouse,
        "after_batch": after_batch,
        "limit": limit,
    }
    if called.first_serial is None:
        found = await session.execute(_BATCHES, given | {"batches": called.batches})
    else:
        scope = {"first": called.first_serial, "last": called.last_serial}
        found = await session.execute(_UNITS, given | scope)
    return found.all()


async def deliveries(
    session: AsyncSession,
    recall_id: UUID,
    sites: Sites,
    after: tuple[str, int] | None,
    limit: int,
) -> Sequence[Delivery]:
    """List to whom called back goods went, and what came back."""
    table = recall_delivery.c
    key = (table.site_id, table.sequence)
    query = select(Delivery).where(table.recall_id == recall_id).order_by(*key).limit(limit)
    if sites is not None:
        query = query.where(table.site_id.in_(sites))
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    return (await session.scalars(query)).all()


async def returns(
    session: AsyncSession, recall_id: UUID, sites: Sites, after: UUID | None, limit: int
) -> Rows:
    """List what was said of delivered goods, one by one."""
    table = recall_return.c
    query = (
        select(recall_return)
        .where(table.recall_id == recall_id)
        .order_by(table.return_id)
        .limit(limit)
    )
    if sites is not None:
        query = query.where(table.site_id.in_(sites))
    if after is not None:
        query = query.where(table.return_id > after)
    return (await session.execute(query)).all()


async def released(
    session: AsyncSession, recall_id: UUID, sites: Sites, after: UUID | None, limit: int
) -> Rows:
    """List the reservations that had to let go of called back goods."""
    table = recall_reservation.c
    query = (
        select(recall_reservation)
        .where(table.recall_id == recall_id)
        .order_by(table.reservation_id)
        .limit(limit)
    )
    if sites is not None:
        query = query.where(table.site_id.in_(sites))
    if after is not None:
        query = query.where(table.reservation_id > after)
    return (await session.execute(query)).all()
