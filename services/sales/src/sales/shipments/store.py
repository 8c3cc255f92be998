"""Keeps shipments."""

from dataclasses import asdict

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales.shipments.domain import Shipment
from sales.shipments.tables import shipment_lines, shipments


async def add(session: AsyncSession, shipment: Shipment) -> None:
    """Insert a shipment with its lines."""
    head = asdict(shipment)
    lines = head.pop("lines")
    key = {"site_id": shipment.site_id, "shipment_id": shipment.shipment_id}
    await session.execute(insert(shipments).values(head))
    await session.execute(insert(shipment_lines), [key | line for line in lines])
