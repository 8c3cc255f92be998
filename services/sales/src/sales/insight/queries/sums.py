"""Sums over orders and shipments."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    RowMapping,
    Select,
    func,
    literal,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import LateralFromClause

from sales.counter.domain.sale import Money, SaleStatus
from sales.counter.tables import sales as baskets
from sales.counter.tables import take_backs
from sales.orders.domain.states import OrderStatus
from sales.orders.tables import sales_orders as orders
from sales.returns.domain.states import DECIDED
from sales.returns.tables import return_lines, returns
from sales.shipments.tables import IN_TRANSIT, shipments
from sales.shipments.tables import shipment_lines as lines


@dataclass
class Sales:
    """What became of the orders, and what left."""

    orders: Counter[str] = field(default_factory=Counter)
    refused_by_cause: Counter[str] = field(default_factory=Counter)
    lines_shipped: int = 0
    units_shipped: Decimal = Decimal(0)
    revenue_shipped: Decimal = Decimal(0)
    lines_returned: int = 0
    units_returned: Decimal = Decimal(0)
    revenue_returned: Decimal = Decimal(0)
    sales_kept: int = 0
    revenue_kept: Decimal = Decimal(0)
    sales_uncovered: int = 0
    revenue_uncovered: Decimal = Decimal(0)

    @property
    def revenue(self) -> Decimal:
        """Return what was shipped and did not come back, and what was kept without a shipment."""
        return self.revenue_shipped - self.revenue_returned + self.revenue_kept


async def sales(
    session: AsyncSession, books: str, site_id: str | None, sites: Collection[str] | None
) -> Sales:
    """Sum up a site, or all sites the caller may see; `books` is the currency of the books."""
    found = Sales()
    ends = await session.execute(
        select(orders.c.status, orders.c.cause, func.count().label("number"))
        .where(*_at(orders.c.site_id, site_id, sites))
        .group_by(orders.c.status, orders.c.cause)
    )
    for status, cause, number in ends:
        found.orders[status.value] += number
        if status is OrderStatus.REFUSED:
            found.refused_by_cause[cause] += number
    left = (
        await session.execute(
            select(
                func.count().label("lines"),
                func.coalesce(func.sum(lines.c.quantity), 0).label("units"),
                func.coalesce(func.sum(lines.c.amount), 0).label("revenue"),
            ).where(*_at(lines.c.site_id, site_id, sites))
        )
    ).one()
    found.lines_shipped, found.units_shipped, found.revenue_shipped = left
    back = await _returned(session, site_id, sites)
    found.lines_returned, found.units_returned, found.revenue_returned = back
    kept = baskets.c.money == Money.KEPT
    uncovered = baskets.c.status == SaleStatus.UNCOVERED
    at = _at(baskets.c.site_id, site_id, sites)
    found.sales_kept, found.revenue_kept = await _paid_for(session, books, kept, *at)
    found.revenue_kept -= await _taken_back(session, site_id, sites)
    found.sales_uncovered, found.revenue_uncovered = await _paid_for(session, books, uncovered, *at)
    return found


async def _paid_for(
    session: AsyncSession, books: str, *which: ColumnElement[bool]
) -> Row[int, Decimal]:
    """Return how many baskets of tills these are, and what was paid for them.

    A till takes other money too while it is offline; that adds up to nothing with ours.
    """
    total = func.coalesce(func.sum(baskets.c.total).filter(baskets.c.currency == books), 0)
    return (await session.execute(select(func.count(), total).where(*which))).one()


async def _taken_back(
    session: AsyncSession, site_id: str | None, sites: Collection[str] | None
) -> Decimal:
    """Return what was paid back of baskets whose money was kept."""
    which = _at(take_backs.c.site_id, site_id, sites)
    found = await session.scalar(select(func.sum(take_backs.c.amount)).where(*which))
    return found or Decimal(0)


async def _returned(
    session: AsyncSession, site_id: str | None, sites: Collection[str] | None
) -> Row[int, Decimal, Decimal]:
    its_return = (returns.c.site_id == return_lines.c.site_id) & (
        returns.c.return_id == return_lines.c.return_id
    )
    back = await session.execute(
        select(
            func.count().label("lines"),
            func.coalesce(func.sum(return_lines.c.quantity), 0).label("units"),
            func.coalesce(func.sum(return_lines.c.amount), 0).label("revenue"),
        )
        .join_from(return_lines, returns, its_return)
        .where(returns.c.status.in_(DECIDED), *_at(return_lines.c.site_id, site_id, sites))
    )
    return back.one()


@dataclass(frozen=True)
class Asked:
    """Where goods in transit are looked for: at one site or all, of those the caller may see."""

    site_id: str | None
    sites: Collection[str] | None


def _under_way() -> Select[Any]:
    """Return what was shipped, is not signed for and has not come back, line by line."""
    back = _back_already()
    its_shipment = (shipments.c.site_id == lines.c.site_id) & (
        shipments.c.shipment_id == lines.c.shipment_id
    )
    its_order = (orders.c.site_id == shipments.c.site_id) & (
        orders.c.order_id == shipments.c.order_id
    )
    return (
        select(
            shipments.c.site_id,
            shipments.c.shipment_id,
            shipments.c.number,
            shipments.c.order_id,
            orders.c.customer_id,
            shipments.c.posted_at.label("shipped_at"),
            lines.c.line_no,
            lines.c.item_id,
            lines.c.batch_id,
            lines.c.unit,
            (lines.c.quantity - back.c.quantity).label("quantity"),
            (lines.c.amount - back.c.amount).label("amount"),
        )
        .select_from(shipments)
        .join(lines, its_shipment)
        .join(orders, its_order)
        .join(back, true())
        .where(IN_TRANSIT, lines.c.quantity > back.c.quantity)
    )


def _back_already() -> LateralFromClause:
    """Return what has come back of each line, and what was paid for it."""
    its_return = (returns.c.site_id == return_lines.c.site_id) & (
        returns.c.return_id == return_lines.c.return_id
    )
    return (
        select(
            func.coalesce(func.sum(return_lines.c.quantity), 0).label("quantity"),
            func.coalesce(func.sum(return_lines.c.amount), 0).label("amount"),
        )
        .join_from(returns, return_lines, its_return)
        .where(
            returns.c.shipment_id == lines.c.shipment_id,
            returns.c.status.in_(DECIDED),
            return_lines.c.shipment_line_no == lines.c.line_no,
        )
        .lateral()
    )


async def in_transit(
    session: AsyncSession, asked: Asked, after: tuple[UUID, int] | None, limit: int
) -> Sequence[RowMapping]:
    """List goods in transit to customers, those longest on their way first (ids sort by time)."""
    place = (shipments.c.shipment_id, lines.c.line_no)
    wanted = (
        _under_way()
        .where(*_at(shipments.c.site_id, asked.site_id, asked.sites))
        .order_by(*place)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(tuple_(*place) > tuple_(*map(literal, after)))
    rows: Sequence[RowMapping] = (await session.execute(wanted)).mappings().all()
    return rows


async def in_transit_by_site(
    session: AsyncSession, asked: Asked, after: str | None, limit: int
) -> Sequence[RowMapping]:
    """Sum up goods in transit, site by site."""
    rows = _under_way().where(*_at(shipments.c.site_id, asked.site_id, asked.sites)).subquery()
    wanted = (
        select(
            rows.c.site_id,
            func.count(rows.c.shipment_id.distinct()).label("shipments"),
            func.count().label("lines"),
            func.sum(rows.c.quantity).label("units"),
            func.sum(rows.c.amount).label("amount"),
            func.min(rows.c.shipped_at).label("oldest_at"),
        )
        .where(true() if after is None else rows.c.site_id > after)
        .group_by(rows.c.site_id)
        .order_by(rows.c.site_id)
        .limit(limit)
    )
    return (await session.execute(wanted)).mappings().all()


def _at(
    column: ColumnElement[str], site_id: str | None, sites: Collection[str] | None
) -> list[ColumnElement[bool]]:
    one = true() if site_id is None else column == site_id
    return [one, true() if sites is None else column.in_(sites)]
