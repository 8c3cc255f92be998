"""Sums over orders and shipments."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.domain.states import OrderStatus
from sales.orders.tables import sales_orders as orders
from sales.shipments.tables import shipment_lines as lines


@dataclass
class Sales:
    """What became of the orders, and what left."""

    orders: Counter[str] = field(default_factory=Counter)
    refused_by_cause: Counter[str] = field(default_factory=Counter)
    lines_shipped: int = 0
    units_shipped: Decimal = Decimal(0)
    revenue_shipped: Decimal = Decimal(0)


async def sales(session: AsyncSession, site_id: str | None, sites: Collection[str] | None) -> Sales:
    """Sum up a site, or all sites the caller may see."""
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
    return found


def _at(
    column: ColumnElement[str], site_id: str | None, sites: Collection[str] | None
) -> list[ColumnElement[bool]]:
    one = true() if site_id is None else column == site_id
    return [one, true() if sites is None else column.in_(sites)]
