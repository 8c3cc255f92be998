"""Keeps what back orders wait for, says who is ahead of whom, and finds whom goods wake."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    RowMapping,
    Text,
    Uuid,
    any_,
    bindparam,
    delete,
    insert,
    literal,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.domain.lines import OrderLine
from sales.orders.domain.order import SalesOrder
from sales.orders.tables import (
    back_order_goods,
    back_order_tries,
    held_lines,
    line_prices,
    sales_order_lines,
    sales_orders,
)
from sales.substitutes.tables import line_substitutions

AHEAD_SHOWN = 20
Goods = tuple[str, str, str]
"""Site, warehouse and item."""

_WAITING_FOR = text("""
    select distinct order_id from back_order_goods
    join unnest(cast(:sites as text[]), cast(:warehouses as text[]), cast(:items as text[]))
        as freed (site, warehouse, item)
        on site_id = site and warehouse_id = warehouse and item_id = item
""")


async def keep_goods(
    session: AsyncSession, order: SalesOrder, goods: Collection[tuple[str, str]]
) -> None:
    """Keep that a back order waits for these items and batches; what is kept already stays."""
    key = {"site_id": order.site_id, "order_id": order.order_id}
    place = {"warehouse_id": order.warehouse_id, "promised_at": order.promised_at}
    rows = [key | place | {"item_id": item, "batch_id": batch} for item, batch in sorted(goods)]
    if rows:
        await session.execute(postgresql.insert(back_order_goods).on_conflict_do_nothing(), rows)


async def leave_queue(session: AsyncSession, order: SalesOrder) -> None:
    """An order waits for no goods any more."""
    its = back_order_goods.c
    await session.execute(
        delete(back_order_goods).where(its.site_id == order.site_id, its.order_id == order.order_id)
    )


async def keep_try(
    session: AsyncSession, order: SalesOrder, at: datetime, problem: Mapping[str, Any]
) -> None:
    """Keep why the goods were not there at the last try."""
    told = {"tried_at": at, "problem": problem}
    await session.execute(
        postgresql.insert(back_order_tries)
        .values(site_id=order.site_id, order_id=order.order_id, **told)
        .on_conflict_do_update(index_elements=["site_id", "order_id"], set_=told)
    )


async def copy_what_stands_beside(
    session: AsyncSession, order: SalesOrder, to: SalesOrder, numbers: Mapping[int, int]
) -> None:
    """Let new lines keep their prices, and what they stand in for, from the lines they are of.

    `numbers` says of each new line, by its number, which one of the order's it is of.
    """
    for table in (line_prices, line_substitutions):
        its = table.c
        rows = await session.execute(
            select(table).where(its.site_id == order.site_id, its.order_id == order.order_id)
        )
        known = {row["line_no"]: row for row in rows.mappings()}
        copies = [
            {**known[old], "order_id": to.order_id, "line_no": new}
            for new, old in numbers.items()
            if old in known
        ]
        if copies:
            await session.execute(insert(table), copies)


async def ahead_of(
    session: AsyncSession, order: SalesOrder, goods: Collection[tuple[str, str]]
) -> Sequence[RowMapping]:
    """Return the first few who wait for some of an order's goods, and were promised them before."""
    its = back_order_goods.c
    queues = [(order.site_id, order.warehouse_id, item_id, batch_id) for item_id, batch_id in goods]
    place = tuple_(literal(order.promised_at or order.placed_at), literal(order.order_id))
    rows = await session.execute(
        select(its.item_id, its.batch_id, sales_orders.c.number)
        .join(
            sales_orders,
            (sales_orders.c.site_id == its.site_id) & (sales_orders.c.order_id == its.order_id),
        )
        .where(
            tuple_(its.site_id, its.warehouse_id, its.item_id, its.batch_id).in_(queues),
            tuple_(its.promised_at, its.order_id) < place,
        )
        .order_by(its.promised_at, its.order_id)
        .limit(AHEAD_SHOWN)
    )
    return rows.mappings().all()


async def waiting_for(session: AsyncSession, goods: Collection[Goods]) -> set[UUID]:
    """Return the back orders that wait for some of these goods."""
    given = list(goods)
    names = ("sites", "warehouses", "items")
    columns = {name: [one[place] for one in given] for place, name in enumerate(names)}
    types = (bindparam(name, type_=ARRAY(Text)) for name in names)
    rows = await session.scalars(_WAITING_FOR.bindparams(*types), columns)
    return set(rows.all())


async def waiting_at(session: AsyncSession, sites: Collection[str]) -> set[UUID]:
    """Return all back orders of these sites."""
    its = back_order_goods.c
    rows = await session.scalars(
        select(its.order_id).where(its.site_id.in_(sorted(sites))).distinct()
    )
    return set(rows.all())


async def goods_of(session: AsyncSession, orders: Collection[UUID]) -> dict[UUID, set[Goods]]:
    """Return what those of the orders that are known here were for, components of kits too."""
    found: dict[UUID, set[Goods]] = {}
    wanted = bindparam("orders", sorted(orders), type_=ARRAY(Uuid))
    for table in (sales_order_lines, held_lines):
        order = sales_orders.c
        rows = await session.execute(
            select(order.order_id, order.site_id, order.warehouse_id, table.c.item_id)
            .join(
                table,
                (table.c.site_id == order.site_id) & (table.c.order_id == order.order_id),
            )
            .where(order.order_id == any_(wanted))
        )
        for row in rows:
            found.setdefault(row.order_id, set()).add(tuple(row[1:]))
    return found


def goods_wanted(
    lines: Sequence[OrderLine], shortages: Sequence[Mapping[str, Any]]
) -> set[tuple[str, str]]:
    """Return items and batches that lines wait for, and components of kits that are known short.

    A batch that was only proposed is not waited for.
    """
    told = {(str(one["item_id"]), str(one["batch_id"])) for one in shortages}
    own = {line.item_id for line in lines}
    return {(line.item_id, line.batch_id) for line in lines} | {
        one for one in told if one[0] not in own
    }
