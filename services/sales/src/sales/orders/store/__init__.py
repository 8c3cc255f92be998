"""Keeps orders, loads them locked, and counts documents."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    Integer,
    Uuid,
    any_,
    bindparam,
    delete,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.domain.lines import HeldLine, OrderLine, document_number
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.refusals import UnknownOrder
from sales.orders.tables import (
    document_counters,
    held_lines,
    line_prices,
    refusals,
    sales_order_lines,
    sales_orders,
)
from sales.prices.domain import Found, Source

PRICED = ("source", "level", "unit_price", "valid_from", "promotion_id", "percent_off")
HEAD = [column.name for column in sales_orders.columns]
_DATE_HELD = text("""
    update sales_order_held_line as held
    set expires_on = said.expires_on, sellable_until = said.sellable_until
    from unnest(:lines, :expire, :sellable) as said (line_no, expires_on, sellable_until)
    where site_id = :site and order_id = :order and held.line_no = said.line_no
""").bindparams(
    bindparam("lines", type_=ARRAY(Integer)),
    bindparam("expire", type_=ARRAY(Date)),
    bindparam("sellable", type_=ARRAY(Date)),
    bindparam("order", type_=Uuid),
)


async def add_if_new(session: AsyncSession, order: SalesOrder, lines: Sequence[OrderLine]) -> bool:
    """Insert an order with its lines unless it is there; return whether it was inserted.

    A twin of this transaction is waited for: its order is then the one that is there.
    """
    statement = postgresql.insert(sales_orders).values(
        {name: getattr(order, name) for name in HEAD}
    )
    inserted = await session.scalar(
        statement.on_conflict_do_nothing().returning(sales_orders.c.order_id)
    )
    if inserted is None:
        return False
    await add_lines(session, order, lines)
    return True


async def add_lines(session: AsyncSession, order: SalesOrder, lines: Sequence[OrderLine]) -> None:
    """Insert lines, under numbers that none of the order's lines has had."""
    key = {"site_id": order.site_id, "order_id": order.order_id}
    await session.execute(
        insert(sales_order_lines),
        [key | asdict(line) for line in lines],
    )


async def find(session: AsyncSession, order_id: UUID) -> SalesOrder | None:
    """Return an order as it is now, or None."""
    return await session.scalar(select(SalesOrder).where(sales_orders.c.order_id == order_id))


async def order_to_change(session: AsyncSession, order_id: UUID) -> SalesOrder:
    """Load an order and lock it, or raise."""
    found = await orders_to_change(session, [order_id])
    if not found:
        raise UnknownOrder(order_id=order_id)
    return found[0]


async def orders_to_change(
    session: AsyncSession, order_ids: Collection[UUID]
) -> Sequence[SalesOrder]:
    """Load those of the orders that there are, and lock them, in order of their ids."""
    wanted = literal(list(order_ids), ARRAY(Uuid))
    rows = await session.scalars(
        select(SalesOrder)
        .where(sales_orders.c.order_id == any_(wanted))
        .order_by(sales_orders.c.order_id)
        .with_for_update(key_share=True)
    )
    return rows.all()


async def orders_due(session: AsyncSession, at: datetime, limit: int) -> Sequence[SalesOrder]:
    """Load and lock orders that wait for inventory too long, leaving out those others work on."""
    rows = await session.scalars(
        select(SalesOrder)
        .where(sales_orders.c.due_at <= at)
        .order_by(sales_orders.c.due_at)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return rows.all()


async def lines_of(session: AsyncSession, order: SalesOrder) -> list[OrderLine]:
    """Return the lines of an order that count."""
    lines = sales_order_lines.c
    rows = await session.execute(
        select(*(lines[field.name] for field in fields(OrderLine)))
        .where(lines.site_id == order.site_id, lines.order_id == order.order_id)
        .where(lines.line_no >= order.lines_from)
        .order_by(lines.line_no)
    )
    return [OrderLine(**row) for row in rows.mappings()]


async def keep_prices(session: AsyncSession, order: SalesOrder, priced: Sequence[Found]) -> None:
    """Keep by which prices and promotions the lines of an order came to their amounts.

    Of a line whose amount was given there is nothing to keep.
    """
    key = {"site_id": order.site_id, "order_id": order.order_id}
    rows = [
        key | {"line_no": line_no, **{name: getattr(one, name) for name in PRICED}}
        for line_no, one in enumerate(priced, start=1)
        if one.source is not Source.GIVEN
    ]
    if rows:
        await session.execute(insert(line_prices), rows)


async def keep_held(session: AsyncSession, order: SalesOrder, lines: Sequence[HeldLine]) -> None:
    """Keep what inventory holds for an order."""
    key = {"site_id": order.site_id, "order_id": order.order_id}
    await session.execute(insert(held_lines), [key | asdict(line) for line in lines])


async def replace_held(session: AsyncSession, order: SalesOrder, lines: Sequence[HeldLine]) -> None:
    """Keep what inventory holds for an order instead of what it held before."""
    its = held_lines.c
    await session.execute(
        delete(held_lines).where(its.site_id == order.site_id, its.order_id == order.order_id)
    )
    await keep_held(session, order, lines)


async def date_held(
    session: AsyncSession, order: SalesOrder, dates: Mapping[int, tuple[date, date]]
) -> None:
    """Keep, by line held, the last days on which its batch may be used, and sold."""
    expire, sellable = zip(*dates.values(), strict=True)
    said = {"lines": list(dates), "expire": list(expire), "sellable": list(sellable)}
    await session.execute(_DATE_HELD, said | {"site": order.site_id, "order": order.order_id})


async def held_lines_of(session: AsyncSession, order: SalesOrder) -> list[HeldLine]:
    """Return what inventory holds for an order; nothing if the order is older than this table."""
    lines = held_lines.c
    rows = await session.execute(
        select(*(lines[field.name] for field in fields(HeldLine)))
        .where(lines.site_id == order.site_id, lines.order_id == order.order_id)
        .order_by(lines.line_no)
    )
    return [HeldLine(**row) for row in rows.mappings()]


async def keep_refusal(session: AsyncSession, order: SalesOrder, problem: dict[str, Any]) -> None:
    """Keep why inventory refused, in its own words."""
    await session.execute(
        insert(refusals).values(site_id=order.site_id, order_id=order.order_id, problem=problem)
    )


async def refusal_of(session: AsyncSession, order: SalesOrder) -> dict[str, Any]:
    """Return why inventory refused an order."""
    found: dict[str, Any] | None = await session.scalar(
        select(refusals.c.problem).where(
            refusals.c.site_id == order.site_id, refusals.c.order_id == order.order_id
        )
    )
    return found or {}


async def next_number(session: AsyncSession, prefix: str, site_id: str, day: date) -> str:
    """Return the next number of a site's day.

    Others of that site wait for theirs until this transaction ends: take it last.
    """
    statement = postgresql.insert(document_counters).values(
        site_id=site_id, prefix=prefix, day=day, last=1
    )
    counted = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=["site_id", "prefix", "day"],
            set_={"last": document_counters.c.last + 1},
        ).returning(document_counters.c.last)
    )
    return document_number(prefix, site_id, day, counted or 1)
