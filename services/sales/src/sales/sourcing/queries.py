"""Requests as people look at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.tables import sales_orders
from sales.sourcing.domain.refusals import UnknownRequest
from sales.sourcing.domain.states import RequestStatus
from sales.sourcing.tables import lines, orders, preferences, requests


@dataclass(frozen=True, kw_only=True)
class RequestFilter:
    """Which requests are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    customer_id: str | None = None
    status: RequestStatus | None = None
    order_id: UUID | None = None
    """One of its orders."""


async def request(session: AsyncSession, request_id: UUID) -> RowMapping:
    """Return a request without its lines and orders, or raise."""
    rows = await session.execute(select(requests).where(requests.c.request_id == request_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownRequest(request_id=request_id)
    return found


async def lines_of(session: AsyncSession, site_id: str, request_id: UUID) -> Sequence[RowMapping]:
    """Return the lines of a request."""
    statement = (
        select(lines)
        .where(lines.c.site_id == site_id, lines.c.request_id == request_id)
        .order_by(lines.c.line_no)
    )
    return (await session.execute(statement)).mappings().all()


async def orders_of(session: AsyncSession, site_id: str, request_id: UUID) -> Sequence[RowMapping]:
    """Return the orders of all plans of a request, in the order of the plans."""
    its_order = sales_orders.c.order_id == orders.c.order_id
    statement = (
        select(
            orders,
            sales_orders.c.number,
            sales_orders.c.status,
            sales_orders.c.total,
            sales_orders.c.expires_at,
            sales_orders.c.cause,
        )
        .join(sales_orders, (sales_orders.c.site_id == orders.c.source_site_id) & its_order)
        .where(orders.c.site_id == site_id, orders.c.request_id == request_id)
        .order_by(orders.c.attempt, orders.c.source_site_id, orders.c.source_warehouse_id)
    )
    return (await session.execute(statement)).mappings().all()


async def requests_before(
    session: AsyncSession, wanted: RequestFilter, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return requests, the newest first (ids sort by time)."""
    statement = select(requests).order_by(requests.c.request_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(requests.c.request_id < before)
    if wanted.sites is not None:
        statement = statement.where(requests.c.site_id.in_(wanted.sites))
    if wanted.order_id is not None:
        its_own = select(orders.c.request_id).where(orders.c.order_id == wanted.order_id)
        statement = statement.where(requests.c.request_id.in_(its_own))
    for name in ("site_id", "customer_id", "status"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(requests.c[name] == value)
    return (await session.execute(statement)).mappings().all()


async def preference(session: AsyncSession, site_id: str) -> RowMapping | None:
    """Return the order of sites that a site states, if it does."""
    rows = await session.execute(select(preferences).where(preferences.c.site_id == site_id))
    return rows.mappings().one_or_none()
