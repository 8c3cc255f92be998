"""Reads that sum up the books of costing."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from costing.insight.domain import Side, Stream
from costing.insight.tables import rebuild
from costing.valuation.domain.movement import Kind
from costing.valuation.tables import UNDER_WAY, transit, valuation, value_entry

Sites = Collection[str] | None
MOVED = value_entry.c.kind.in_([Kind.SHIPMENT.value, Kind.RETURN.value, Kind.RETURN_REVERSAL.value])
IS_SOLD = MOVED | (value_entry.c.cost_of_sales != 0)
"""What the cost of goods sold is summed up from."""


async def sides(session: AsyncSession, sites: Sites) -> dict[Stream, Side]:
    """Return costing's quantities by stream."""
    wanted = select(
        valuation.c.site_id, valuation.c.item_id, valuation.c.quantity, valuation.c.sequence
    )
    rows = await session.execute(_of(sites, wanted, valuation.c.site_id))
    return {(row.site_id, row.item_id): Side(row.quantity, row.sequence) for row in rows}


async def goods_sold(session: AsyncSession, sites: Sites) -> Any:
    """Return cost and units of what was shipped and did not come back, and the lines shipped.

    `corrections` is what of the cost was known only later.
    """
    entry = value_entry.c
    corrections = func.coalesce(func.sum(entry.cost_of_sales), 0)
    moved = func.sum(entry.value + entry.cost_of_sales).filter(MOVED)
    wanted = select(
        (corrections - func.coalesce(moved, 0)).label("cogs"),
        corrections.label("corrections"),
        func.coalesce(-func.sum(entry.quantity).filter(MOVED), 0).label("units"),
        func.count().filter(entry.kind == Kind.SHIPMENT.value).label("lines"),
    ).where(IS_SOLD)
    return (await session.execute(_of(sites, wanted, value_entry.c.site_id))).one()


async def in_transit(session: AsyncSession, sites: Sites) -> Any:
    """Return the value of what is in transit, and how many dispatches it is of."""
    left = transit.c.value - transit.c.arrived_value - transit.c.returned_value
    wanted = select(
        func.coalesce(func.sum(left), 0).label("value"), func.count().label("dispatches")
    ).where(UNDER_WAY)
    return (await session.execute(_of(sites, wanted, transit.c.site_id))).one()


async def latency(session: AsyncSession, sites: Sites) -> Any:
    """Return the time from posting to costing, in milliseconds."""
    took = func.extract("epoch", value_entry.c.costed_at - value_entry.c.posted_at) * 1000
    shares: Sequence[tuple[str, float]] = (("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99))
    columns = [
        func.percentile_cont(share).within_group(took.asc()).label(name) for name, share in shares
    ]
    wanted = select(func.count().label("count"), *columns).select_from(value_entry)
    return (await session.execute(_of(sites, wanted, value_entry.c.site_id))).one()


async def rebuild_of(session: AsyncSession, rebuild_id: UUID) -> Any:
    """Return a rebuild."""
    found = await session.execute(select(rebuild).where(rebuild.c.rebuild_id == rebuild_id))
    return found.one_or_none()


def _of(sites: Sites, wanted: Select[Any], column: Any) -> Select[Any]:
    return wanted if sites is None else wanted.where(column.in_(sites))
