"""Orders as people look at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders.domain import UnknownOrder
from purchasing.orders.tables import purchase_order_lines as lines
from purchasing.orders.tables import purchase_orders as orders


@dataclass(frozen=True, kw_only=True)
class OrderFilter:
    """Which orders are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    supplier_id: str | None = None
    status: str | None = None
    number: str | None = None


async def order(session: AsyncSession, order_id: UUID) -> RowMapping:
    """Return an order without its lines, or raise."""
    rows = await session.execute(select(orders).where(orders.c.order_id == order_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownOrder(order_id=order_id)
    return found


async def order_lines(session: AsyncSession, order_id: UUID) -> Sequence[RowMapping]:
    """Return the lines of an order with what was received and what is still open."""
    still_open = func.greatest(lines.c.quantity - lines.c.received, 0).label("open")
    statement = (
        select(lines, still_open).where(lines.c.order_id == order_id).order_by(lines.c.line_no)
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
    for name in ("site_id", "supplier_id", "status", "number"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(orders.c[name] == value)
    return (await session.execute(statement)).mappings().all()
