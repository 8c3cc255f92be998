"""Reads which receipts are parked, and keeps of which of them was told."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.tables import held_receipt
from servicekit.tables import parked_message as parked


async def untold(
    session: AsyncSession, consumer: str, kind: str, limit: int
) -> Sequence[Row[Any, Any, Any, Any]]:
    """Return number, key, error and time of parked messages of a type that were not told of."""
    told = exists().where(
        held_receipt.c.parked_id == parked.c.id, held_receipt.c.error == parked.c.error
    )
    statement = (
        select(parked.c.id, parked.c.key, parked.c.error, parked.c.parked_at)
        .where(
            parked.c.consumer == consumer, parked.c.type == kind, parked.c.state == "parked", ~told
        )
        .order_by(parked.c.id)
        .limit(limit)
    )
    return (await session.execute(statement)).all()


async def keep_told(session: AsyncSession, parked_id: int, error: str) -> bool:
    """Note that a message's error is told; return False if another worker did so meanwhile."""
    statement = insert(held_receipt).values(parked_id=parked_id, error=error)
    kept = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=["parked_id"],
            set_={"error": statement.excluded.error},
            where=held_receipt.c.error != statement.excluded.error,
        ).returning(held_receipt.c.parked_id)
    )
    return kept is not None
