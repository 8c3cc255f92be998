"""Orders as people look at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Table, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.domain.refusals import UnknownOrder
from sales.orders.domain.states import OrderStatus
from sales.orders.store.turns import TO_BE_NAMED
from sales.orders.tables import back_order_goods as goods
from sales.orders.tables import back_order_tries as tries
from sales.orders.tables import held_lines, line_prices, refusals
from sales.orders.tables import sales_order_lines as lines
from sales.orders.tables import sales_orders as orders
from sales.substitutes.tables import line_substitutions as substitutions

TOTAL = func.coalesce(orders.c.amended_total, orders.c.total).label("total")
"""What an order comes to now."""
HEAD = [*(column for column in orders.c if column.name != "total"), TOTAL]


@dataclass(frozen=True, kw_only=True)
class OrderFilter:
    """Which orders are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    customer_id: str | None = None
    status: str | None = None
    number: str | None = None
    channel: str | None = None
    on_credit: bool | None = None
    closed: bool | None = None


async def order(session: AsyncSession, order_id: UUID) -> RowMapping:
    """Return an order without its lines, and why inventory refused it if it did; or raise."""
    rows = await session.execute(
        select(*HEAD, func.coalesce(refusals.c.problem, tries.c.problem).label("refusal"))
        .select_from(orders)
        .outerjoin(refusals, _its_order(refusals))
        .outerjoin(tries, _its_order(tries) & (orders.c.status == OrderStatus.BACKORDERED))
        .where(orders.c.order_id == order_id)
    )
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownOrder(order_id=order_id)
    return found


async def order_lines(session: AsyncSession, site_id: str, order_id: UUID) -> Sequence[RowMapping]:
    """Return the lines of an order that count, with what they stand in for."""
    its_own = (
        (substitutions.c.site_id == lines.c.site_id)
        & (substitutions.c.order_id == lines.c.order_id)
        & (substitutions.c.line_no == lines.c.line_no)
    )
    statement = (
        select(lines, substitutions.c.substitute_for)
        .join(orders, _its_order(lines))
        .outerjoin(substitutions, its_own)
        .where(lines.c.site_id == site_id, lines.c.order_id == order_id)
        .where(lines.c.line_no >= orders.c.lines_from)
        .order_by(lines.c.line_no)
    )
    return (await session.execute(statement)).mappings().all()


async def lines_held(session: AsyncSession, site_id: str, order_id: UUID) -> Sequence[RowMapping]:
    """Return what inventory held for an order when it was reserved."""
    statement = (
        select(held_lines)
        .where(held_lines.c.site_id == site_id, held_lines.c.order_id == order_id)
        .order_by(held_lines.c.line_no)
    )
    return (await session.execute(statement)).mappings().all()


async def prices_of(session: AsyncSession, site_id: str, order_id: UUID) -> Sequence[RowMapping]:
    """Return by which prices the lines of an order came to their amounts."""
    statement = (
        select(line_prices)
        .join(orders, _its_order(line_prices))
        .where(line_prices.c.site_id == site_id, line_prices.c.order_id == order_id)
        .where(line_prices.c.line_no >= orders.c.lines_from)
        .order_by(line_prices.c.line_no)
    )
    return (await session.execute(statement)).mappings().all()


async def orders_before(
    session: AsyncSession, wanted: OrderFilter, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return orders without lines, the newest first (ids sort by time)."""
    statement = select(*HEAD).order_by(orders.c.order_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(orders.c.order_id < before)
    if wanted.sites is not None:
        statement = statement.where(orders.c.site_id.in_(wanted.sites))
    for name in ("site_id", "customer_id", "status", "number", "channel", "on_credit"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(orders.c[name] == value)
    if wanted.closed is not None:
        statement = statement.where(orders.c.closed_at.is_not(None) == wanted.closed)
    return (await session.execute(statement)).mappings().all()


@dataclass(frozen=True, kw_only=True)
class QueueFilter:
    """Whose queues are looked at; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    warehouse_id: str | None = None
    item_id: str | None = None


Place = tuple[str, str, str, str, datetime, UUID]
"""Site, warehouse, item and batch, and the order's place in the queue for them."""


async def back_orders_after(
    session: AsyncSession, wanted: QueueFilter, after: Place | None, limit: int
) -> Sequence[RowMapping]:
    """Return who waits for which goods, each queue in the order of promise."""
    queue = [goods.c.site_id, goods.c.warehouse_id, goods.c.item_id, goods.c.batch_id]
    place = [goods.c.promised_at, goods.c.order_id]
    position = func.row_number().over(partition_by=queue, order_by=place).label("position")
    shown = orders.c.number, orders.c.customer_id, TO_BE_NAMED.label("batch_to_be_named")
    statement = (
        select(*queue, *place, position, *shown)
        .join(orders, _its_order(goods))
        .outerjoin(tries, _its_order(tries))
    )
    if wanted.sites is not None:
        statement = statement.where(goods.c.site_id.in_(wanted.sites))
    for name in ("site_id", "warehouse_id", "item_id"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(goods.c[name] == value)
    waiting = statement.subquery()
    order = [waiting.c[column.name] for column in (*queue, *place)]
    page = select(waiting).order_by(*order).limit(limit)
    if after is not None:
        page = page.where(tuple_(*order) > tuple_(*map(literal, after)))
    return (await session.execute(page)).mappings().all()


def _its_order(table: Table) -> ColumnElement[bool]:
    return (table.c.site_id == orders.c.site_id) & (table.c.order_id == orders.c.order_id)
