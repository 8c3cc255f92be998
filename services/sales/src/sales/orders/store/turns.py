"""Finds whose turn it is among back orders, and what those want who stand before them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Uuid,
    bindparam,
    exists,
    false,
    func,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import BATCH_MISSING, OrderStatus
from sales.orders.tables import back_order_goods, back_order_tries, sales_orders

_problem = back_order_tries.c.problem
TO_BE_NAMED = func.coalesce(
    (_problem["code"].astext == BATCH_MISSING) & (_problem["proposal"]["missing"].astext == "0"),
    false(),
)
"""Whether only the batch of a back order's goods was to be named when it was tried."""
_mine, _older = back_order_goods.alias("mine"), back_order_goods.alias("older")
_SAME_QUEUE = (
    (_older.c.site_id == _mine.c.site_id)
    & (_older.c.warehouse_id == _mine.c.warehouse_id)
    & (_older.c.item_id == _mine.c.item_id)
    & (_older.c.batch_id == _mine.c.batch_id)
)
_BEFORE = tuple_(_older.c.promised_at, _older.c.order_id) < tuple_(
    _mine.c.promised_at, _mine.c.order_id
)


_WANTED = text("""
    select mine.item_id, mine.batch_id, line.unit, coalesce(sum(line.quantity), 0) as quantity,
        bool_or(other.order_id <> mine.order_id) as shared
    from back_order_goods as mine join back_order_goods as other
        on other.site_id = mine.site_id and other.warehouse_id = mine.warehouse_id
        and other.item_id = mine.item_id and other.batch_id = mine.batch_id
        and (other.promised_at, other.order_id) <= (mine.promised_at, mine.order_id)
    join sales_order on sales_order.site_id = other.site_id
        and sales_order.order_id = other.order_id
    left join sales_order_line as line on line.site_id = other.site_id
        and line.order_id = other.order_id and line.line_no >= lines_from
        and line.item_id = mine.item_id and line.batch_id = mine.batch_id
    where mine.site_id = :site and mine.order_id = :order
    group by mine.item_id, mine.batch_id, line.unit
""").bindparams(bindparam("order", type_=Uuid))


@dataclass(frozen=True)
class Wanted:
    """What an order and those before it want of the same goods together."""

    item_id: str
    batch_id: str
    unit: str | None
    """None where nobody knows here how much it is: of a kit's component."""
    quantity: Decimal


async def next_to_fill(session: AsyncSession, at: datetime, limit: int) -> Sequence[SalesOrder]:
    """Load and lock back orders whose turn it is, the first promised first.

    It is nobody's turn for goods that an older one still waits for, unless that one only waits
    for its batch to be named.
    """
    order = sales_orders.c
    unnamed = exists().where(_is_of(back_order_tries, _older), TO_BE_NAMED)
    overtakes = exists().where(_is_of(_mine, sales_orders), _SAME_QUEUE, _BEFORE, ~unnamed)
    rows = await session.scalars(
        select(SalesOrder)
        .where(order.wake_at <= at, order.status == OrderStatus.BACKORDERED, ~overtakes)
        .order_by(order.promised_at, order.order_id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return rows.all()


async def behind_others(session: AsyncSession, orders: Collection[SalesOrder]) -> set[UUID]:
    """Return which of the orders stand behind others for some of their goods."""
    found = await session.scalars(
        select(_mine.c.order_id)
        .join(_older, _SAME_QUEUE & _BEFORE)
        .where(_mine.c.order_id.in_([one.order_id for one in orders]))
        .distinct()
    )
    return set(found.all())


async def wanted_up_to(session: AsyncSession, order: SalesOrder) -> list[Wanted]:
    """Return what an order wants with all before it, of goods for which there are such."""
    rows = (await session.execute(_WANTED, {"site": order.site_id, "order": order.order_id})).all()
    shared = {(row.item_id, row.batch_id) for row in rows if row.shared}
    return [Wanted(*row[:4]) for row in rows if (row.item_id, row.batch_id) in shared]


def _is_of(table: FromClause, order: FromClause) -> ColumnElement[bool]:
    return (table.c.site_id == order.c.site_id) & (table.c.order_id == order.c.order_id)
