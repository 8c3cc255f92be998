"""Keeps shipments."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, any_, exists, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.domain.states import OrderStatus
from sales.orders.tables import rests, sales_orders
from sales.shipments.domain import Shipment, ShipmentLine, Signature, UnknownShipment
from sales.shipments.tables import IN_TRANSIT, shipment_lines, shipments


async def add(session: AsyncSession, shipment: Shipment) -> None:
    """Insert a shipment with its lines."""
    head = asdict(shipment)
    lines = head.pop("lines")
    key = {"site_id": shipment.site_id, "shipment_id": shipment.shipment_id}
    await session.execute(insert(shipments).values(head))
    await session.execute(insert(shipment_lines), [key | line for line in lines])


async def shipment_of(session: AsyncSession, shipment_id: UUID) -> Shipment:
    """Return a shipment with its lines, or raise."""
    heads = await session.execute(select(shipments).where(shipments.c.shipment_id == shipment_id))
    head = heads.mappings().one_or_none()
    if head is None:
        raise UnknownShipment(shipment_id=shipment_id)
    line = shipment_lines.c
    rows = await session.execute(
        select(*(line[field.name] for field in fields(ShipmentLine)))
        .where(line.site_id == head["site_id"], line.shipment_id == shipment_id)
        .order_by(line.line_no)
    )
    return Shipment(**head, lines=tuple(ShipmentLine(**row) for row in rows.mappings()))


async def left_before(session: AsyncSession, site_id: str, order_id: UUID) -> list[ShipmentLine]:
    """Return the lines of all shipments of an order that is locked."""
    line = shipment_lines.c
    rows = await session.execute(
        select(*(line[field.name] for field in fields(ShipmentLine)))
        .join_from(shipments, shipment_lines, _its_lines())
        .where(shipments.c.site_id == site_id, shipments.c.order_id == order_id)
    )
    return [ShipmentLine(**row) for row in rows.mappings()]


def _its_lines() -> ColumnElement[bool]:
    return (shipment_lines.c.site_id == shipments.c.site_id) & (
        shipment_lines.c.shipment_id == shipments.c.shipment_id
    )


async def is_under_way(session: AsyncSession, site_id: str, order_id: UUID) -> bool:
    """Tell whether goods of an order that is locked are neither signed for nor back."""
    wanted = select(literal(1)).where(
        shipments.c.site_id == site_id, shipments.c.order_id == order_id, IN_TRANSIT
    )
    return await session.scalar(wanted.limit(1)) is not None


async def orders_without_rest(session: AsyncSession, limit: int) -> Sequence[UUID]:
    """Return orders to be closed: their rest was called off, and all that left is settled."""
    order = sales_orders.c
    of_it = (shipments.c.site_id == order.site_id, shipments.c.order_id == order.order_id)
    statement = (
        select(order.order_id)
        .join(rests, (rests.c.site_id == order.site_id) & (rests.c.order_id == order.order_id))
        .where(order.status == OrderStatus.SHIPPED, order.closed_at.is_(None))
        .where(order.paid_at.is_not(None), ~exists().where(*of_it, IN_TRANSIT))
        .order_by(order.order_id)
        .limit(limit)
    )
    return (await session.scalars(statement)).all()


async def ids_of(session: AsyncSession, numbers: Collection[str]) -> dict[str, tuple[UUID, UUID]]:
    """Return shipment and order of each of the numbers that are known."""
    wanted = any_(literal(sorted(set(numbers)), ARRAY(Text)))
    found = shipments.c
    rows = await session.execute(
        select(found.number, found.shipment_id, found.order_id).where(found.number == wanted)
    )
    return {row.number: (row.shipment_id, row.order_id) for row in rows}


async def sign(session: AsyncSession, shipment: Shipment) -> None:
    """Keep who signed for a shipment whose order is locked."""
    signature = {field.name: getattr(shipment, field.name) for field in fields(Signature)}
    await session.execute(update(shipments).where(_this(shipment)).values(signature))


async def note_came_back(session: AsyncSession, shipment: Shipment, at: datetime) -> None:
    """Keep that all of a shipment, whose order is locked, is back again."""
    await session.execute(update(shipments).where(_this(shipment)).values(came_back_at=at))


async def note_under_way(session: AsyncSession, shipment: Shipment) -> None:
    """Keep that not all of a shipment, whose order is locked, is back."""
    await session.execute(update(shipments).where(_this(shipment)).values(came_back_at=None))


def _this(shipment: Shipment) -> ColumnElement[bool]:
    return (shipments.c.site_id == shipment.site_id) & (
        shipments.c.shipment_id == shipment.shipment_id
    )
