"""Shipments as people look at them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.shipments.domain import UnknownShipment
from sales.shipments.tables import shipment_lines as lines
from sales.shipments.tables import shipments


async def shipment(session: AsyncSession, shipment_id: UUID) -> RowMapping:
    """Return a shipment without its lines, or raise."""
    rows = await session.execute(select(shipments).where(shipments.c.shipment_id == shipment_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownShipment(shipment_id=shipment_id)
    return found


async def lines_of(session: AsyncSession, site_id: str, shipment_id: UUID) -> Sequence[RowMapping]:
    """Return the lines of a shipment."""
    statement = (
        select(lines)
        .where(lines.c.site_id == site_id, lines.c.shipment_id == shipment_id)
        .order_by(lines.c.line_no)
    )
    return (await session.execute(statement)).mappings().all()


async def shipments_before(
    session: AsyncSession,
    wanted: tuple[str | None, UUID | None],
    sites: Collection[str] | None,
    before: UUID | None,
    limit: int,
) -> Sequence[RowMapping]:
    """Return shipments of a site and an order, if named, the newest first (ids sort by time)."""
    site_id, order_id = wanted
    statement = select(shipments).order_by(shipments.c.shipment_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(shipments.c.shipment_id < before)
    if sites is not None:
        statement = statement.where(shipments.c.site_id.in_(sites))
    if site_id is not None:
        statement = statement.where(shipments.c.site_id == site_id)
    if order_id is not None:
        statement = statement.where(shipments.c.order_id == order_id)
    return (await session.execute(statement)).mappings().all()
