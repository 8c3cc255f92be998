"""Keeps requests with their lines and orders, loads them locked, and says who may ship."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import RowMapping, insert, or_, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.domain.order import SalesOrder
from sales.orders.tables import sales_orders
from sales.reference.tables import sites, warehouses
from sales.sourcing.domain.distance import Position, metres_between
from sales.sourcing.domain.refusals import UnknownRequest
from sales.sourcing.domain.request import SourcingRequest
from sales.sourcing.domain.sources import Place, Shipping, Source
from sales.sourcing.tables import lines, orders, preferences, requests

HEAD = [column.name for column in requests.columns]


@dataclass(frozen=True, kw_only=True)
class RequestLine:
    """A line of a request; `amount` is its net price as a whole."""

    line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    amount: Decimal
    batch_id: str = ""
    substitute_for: str | None = None


async def add_if_new(
    session: AsyncSession, request: SourcingRequest, wanted: Sequence[RequestLine]
) -> bool:
    """Insert a request with its lines unless it is there; a twin of this one is waited for."""
    added = await session.scalar(
        postgresql.insert(requests)
        .values({name: getattr(request, name) for name in HEAD})
        .on_conflict_do_nothing()
        .returning(requests.c.request_id)
    )
    if added is None:
        return False
    key = {"site_id": request.site_id, "request_id": request.request_id}
    await session.execute(insert(lines), [key | asdict(line) for line in wanted])
    return True


async def find(session: AsyncSession, request_id: UUID) -> SourcingRequest | None:
    """Return a request as it is now, or None."""
    return await session.scalar(select(SourcingRequest).where(requests.c.request_id == request_id))


async def request_to_change(session: AsyncSession, request_id: UUID) -> SourcingRequest:
    """Load a request and lock it, or raise; whoever locks its orders too does so after it."""
    found = await session.scalar(
        select(SourcingRequest)
        .where(requests.c.request_id == request_id)
        .with_for_update(key_share=True)
    )
    if found is None:
        raise UnknownRequest(request_id=request_id)
    return found


async def requests_due(session: AsyncSession, at: datetime, limit: int) -> list[SourcingRequest]:
    """Load and lock requests that were left alone too long, without those others work on."""
    rows = await session.scalars(
        select(SourcingRequest)
        .where(requests.c.due_at <= at)
        .order_by(requests.c.due_at)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return list(rows)


async def lines_of(session: AsyncSession, request: SourcingRequest) -> list[RequestLine]:
    """Return the lines of a request."""
    rows = await session.execute(
        select(*(lines.c[one.name] for one in fields(RequestLine)))
        .where(lines.c.site_id == request.site_id, lines.c.request_id == request.request_id)
        .order_by(lines.c.line_no)
    )
    return [RequestLine(**row) for row in rows.mappings()]


async def add_order(
    session: AsyncSession, request: SourcingRequest, order_id: UUID, shipping: Shipping
) -> None:
    """Keep which order is a part of a request."""
    row = {
        "site_id": request.site_id,
        "request_id": request.request_id,
        "attempt": request.attempt,
        "order_id": order_id,
        "source_site_id": shipping.source.site_id,
        "source_warehouse_id": shipping.source.warehouse_id,
        "distance_m": shipping.source.distance_m,
        "line_nos": sorted(shipping.lines),
    }
    await session.execute(insert(orders).values(row))


async def number_of_request_with(session: AsyncSession, order_id: UUID) -> str | None:
    """Return the number of the request that an order was placed for, or None."""
    return await session.scalar(
        select(requests.c.number)
        .join(
            orders,
            (orders.c.site_id == requests.c.site_id)
            & (orders.c.request_id == requests.c.request_id),
        )
        .where(orders.c.order_id == order_id)
    )


async def orders_of(
    session: AsyncSession, request: SourcingRequest, *, locked: bool = False
) -> list[SalesOrder]:
    """Return the orders of the present plan, in order of their ids."""
    its_own = (
        select(orders.c.order_id)
        .where(orders.c.site_id == request.site_id)
        .where(orders.c.request_id == request.request_id, orders.c.attempt == request.attempt)
    )
    wanted = (
        select(SalesOrder)
        .where(sales_orders.c.order_id.in_(its_own))
        .order_by(sales_orders.c.order_id)
    )
    if locked:
        wanted = wanted.with_for_update(key_share=True)
    return list(await session.scalars(wanted))


async def sources_of(session: AsyncSession, own: Place, most: int) -> list[Source]:
    """Return the first so many of the warehouses that may ship to a site, its own one first."""
    stated = await session.scalar(
        select(preferences.c.sources).where(preferences.c.site_id == own[0])
    )
    ranks = {site_id: rank for rank, site_id in enumerate(stated or (), start=1)}
    rows = await session.execute(
        select(
            warehouses.c.site_id,
            warehouses.c.warehouse_id,
            sites.c.latitude,
            sites.c.longitude,
        )
        .join(sites, sites.c.site_id == warehouses.c.site_id)
        .where(
            or_(
                warehouses.c.ships_for_others,
                (warehouses.c.site_id == own[0]) & (warehouses.c.warehouse_id == own[1]),
            )
        )
    )
    known = list(rows.mappings())
    here = next((position_of(row) for row in known if row["site_id"] == own[0]), None)
    sources = [_source(row, own, here, ranks) for row in known]
    return sorted(sources, key=lambda one: one.order)[:most]


def position_of(row: RowMapping) -> Position | None:
    """Return where a site is, if that is known."""
    known = row["latitude"] is not None
    return Position(row["latitude"], row["longitude"]) if known else None


def _source(row: RowMapping, own: Place, here: Position | None, ranks: Mapping[str, int]) -> Source:
    site_id, there = row["site_id"], position_of(row)
    distance_m = None if here is None or there is None else metres_between(here, there)
    return Source(
        site_id=site_id,
        warehouse_id=row["warehouse_id"],
        is_own=(site_id, row["warehouse_id"]) == own,
        preference=0 if site_id == own[0] else ranks.get(site_id),
        distance_m=0 if site_id == own[0] else distance_m,
    )


async def prefer(
    session: AsyncSession, site_id: str, sources: Sequence[str], by: str, at: datetime
) -> None:
    """Keep the order of sites that a site states."""
    row = {"sources": list(sources), "set_at": at, "set_by": by}
    await session.execute(
        postgresql.insert(preferences)
        .values(site_id=site_id, **row)
        .on_conflict_do_update(index_elements=["site_id"], set_=row)
    )
