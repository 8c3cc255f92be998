"""Keeps which order came in under which reference."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales.importing.domain import OrderInFile
from sales.importing.tables import order_imports
from servicekit.ids import new_id


@dataclass(frozen=True)
class Claim:
    """Which order a reference stands for, and what it was said to be."""

    order_id: UUID
    content: bytes


async def claim(session: AsyncSession, order: OrderInFile, by: str, at: datetime) -> Claim:
    """Return what the reference stands for, locked; from now on it stands for something."""
    customer_id, reference = order.key
    await session.execute(
        insert(order_imports)
        .values(
            customer_id=customer_id,
            reference=reference,
            site_id=order.head.site_id,
            order_id=new_id(),
            content=order.content,
            imported_at=at,
            imported_by=by,
        )
        .on_conflict_do_nothing()
    )
    rows = await session.execute(
        select(order_imports.c.order_id, order_imports.c.content)
        .where(order_imports.c.customer_id == customer_id, order_imports.c.reference == reference)
        .with_for_update(key_share=True)
    )
    return Claim(*rows.one())


async def reclaim(
    session: AsyncSession, order: OrderInFile, order_id: UUID, by: str, at: datetime
) -> None:
    """Let a reference stand for what it is said to be now: nothing was placed under it."""
    customer_id, reference = order.key
    await session.execute(
        update(order_imports)
        .where(order_imports.c.customer_id == customer_id, order_imports.c.reference == reference)
        .values(
            order_id=order_id,
            site_id=order.head.site_id,
            content=order.content,
            imported_at=at,
            imported_by=by,
        )
    )
