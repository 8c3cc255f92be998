"""Orders as people look at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.domain.refusals import UnknownOrder
from sales.orders.tables import held_lines, line_prices, refusals
from sales.orders.tables import sales_order_lines as lines
from sales.orders.tables import sales_orders as orders
from sales.substitutes.tables import line_substitutions as substitutions


@dataclass(frozen=True, kw_only=True)
class OrderFilter:
    """Which orders are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    customer_id: str | None = None
    status: str | None = None
    number: str | None = None
    channel: str | None = None


async def order(session: AsyncSession, order_id: UUID) -> RowMapping:
    """Return an order without its lines, and why inventory refused it if it did; or raise."""
    its_own = (refusals.c.site_id == orders.c.site_id) & (refusals.c.order_id == orders.c.order_id)
    rows = await session.execute(
        select(orders, refusals.c.problem.label("refusal"))
        .outerjoin(refusals, its_own)
        .where(orders.c.order_id == order_id)
    )
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownOrder(order_id=order_id)
    return found


async def order_lines(session: AsyncSession, site_id: str, order_id: UUID) -> Sequence[RowMapping]:
    """Return the lines of an order, with what they stand in for."""
    its_own = (
        (substitutions.c.site_id == lines.c.site_id)
        & (substitutions.c.order_id == lines.c.order_id)
        & (substitutions.c.line_no == lines.c.line_no)
    )
    statement = (
        select(lines, substitutions.c.substitute_for)
        .outerjoin(substitutions, its_own)
        .where(lines.c.site_id == site_id, lines.c.order_id == order_id)
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
        .where(line_prices.c.site_id == site_id, line_prices.c.order_id == order_id)
        .order_by(line_prices.c.line_no)
    )
    return (await session.execute(statement)).mappings().all()


async def orders_before(
    session: AsyncSession, wanted: OrderFilter, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return orders without lines, the newest first (ids sort by time)."""
    statement = select(orders).order_by(orders.c.order_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(orders.c.order_id < before)
    if wanted.sites is not None:
        statement = statement.where(orders.c.site_id.in_(wanted.sites))
    for name in ("site_id", "customer_id", "status", "number", "channel"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(orders.c[name] == value)
    return (await session.execute(statement)).mappings().all()
