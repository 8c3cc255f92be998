"""Loads receipts, which it locks: they are loaded to be taken a step further."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import raiseload

from purchasing.receipts.domain import Receipt, UnknownReceipt
from purchasing.receipts.tables import receipts


async def receipt_to_change(session: AsyncSession, receipt_id: UUID) -> Receipt:
    """Load a receipt with its lines. Whoever also needs its order locks that afterwards."""
    found = await session.get(Receipt, receipt_id, with_for_update={"key_share": True})
    if found is None:
        raise UnknownReceipt(receipt_id=receipt_id)
    return found


async def heads_to_change(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Receipt]:
    """Load receipts without their lines, in order of their ids; raise if one is missing."""
    statement = (
        select(Receipt)
        .where(receipts.c.receipt_id == any_(literal(list(ids), ARRAY(Uuid))))
        .order_by(receipts.c.receipt_id)
        .with_for_update(key_share=True)
        .options(raiseload("*"))
    )
    found = (await session.scalars(statement)).all()
    missing = set(ids).difference(one.receipt_id for one in found)
    if missing:
        raise UnknownReceipt(receipt_id=min(missing))
    return found
