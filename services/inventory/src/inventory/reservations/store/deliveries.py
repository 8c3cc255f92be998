"""Keeps whose orders shipments were of, and what came back of them; nothing of it is changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.reservations.tables import entry_of_return, order_shipment


@dataclass(frozen=True)
class OrderShipment:
    """Which order a shipment was of, whole or a part of it, and which reservation held it."""

    shipment_id: UUID
    site_id: str
    order_id: UUID
    reservation_id: UUID


@dataclass(frozen=True)
class CameBack:
    """The entry of a return, or of its reversal, and the one by which its goods had left."""

    site_id: str
    item_id: str
    sequence: int
    left_by: int
    undoes: int | None = None
    """The entry of the return, if it is one of a reversal."""


async def keep_shipments(session: AsyncSession, shipped: Sequence[OrderShipment]) -> None:
    """Keep the orders of shipments that are booked for the first time."""
    if shipped:
        await session.execute(insert(order_shipment), [asdict(one) for one in shipped])


async def keep_returns(session: AsyncSession, returned: Sequence[CameBack]) -> None:
    """Keep by which entries goods had left that came back, or didn't after all."""
    if returned:
        await session.execute(insert(entry_of_return), [asdict(one) for one in returned])
