"""Loads receipts, which it locks: they are loaded to be taken a step further."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import raiseload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from purchasing.receipts.domain import (
    Opening,
    Photo,
    Receipt,
    ReceiptStatus,
    UnknownOpening,
    UnknownPhoto,
    UnknownReceipt,
)
from purchasing.receipts.tables import photos as photo_table
from purchasing.receipts.tables import receipt_lines, receipts


async def receipt_to_change(session: AsyncSession, receipt_id: UUID) -> Receipt:
    """Load a receipt with its lines. Whoever also needs its order locks that afterwards."""
    return await _locked(session, receipt_id)


async def receipt_to_step(session: AsyncSession, receipt_id: UUID) -> Receipt:
    """Load a receipt whole, to change it and show it: also with what of it was turned away."""
    return await _locked(session, receipt_id, selectinload(vars(Receipt)["refused"]))


async def _locked(session: AsyncSession, receipt_id: UUID, *options: ORMOption) -> Receipt:
    found = await session.get(
        Receipt, receipt_id, options=options, with_for_update={"key_share": True}
    )
    if found is None:
        raise UnknownReceipt(receipt_id=receipt_id)
    return found


async def heads_to_change(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Receipt]:
    """Load receipts without their lines, in order of their ids; raise if one is missing."""
    found = await heads_there(session, ids)
    missing = set(ids).difference(one.receipt_id for one in found)
    if missing:
        raise UnknownReceipt(receipt_id=min(missing))
    return found


async def heads_there(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Receipt]:
    """Load those receipts that there are without their lines, in order of their ids."""
    statement = (
        select(Receipt)
        .where(receipts.c.receipt_id == any_(literal(list(ids), ARRAY(Uuid))))
        .order_by(receipts.c.receipt_id)
        .with_for_update(key_share=True)
        .options(raiseload("*"))
    )
    return (await session.scalars(statement)).all()


async def opening(session: AsyncSession, opening_id: UUID) -> Opening:
    """Load what was scanned, as it is now."""
    return _there(await session.get(Opening, opening_id), opening_id)


async def opening_to_change(session: AsyncSession, opening_id: UUID) -> Opening:
    """Load what was scanned and lock it, after its order: one comes of it, or it is abandoned."""
    found = await session.get(Opening, opening_id, with_for_update={"key_share": True})
    return _there(found, opening_id)


def _there(found: Opening | None, opening_id: UUID) -> Opening:
    if found is None:
        raise UnknownOpening(opening_id=opening_id)
    return found


async def standing_receipt(
    session: AsyncSession, opening_id: UUID, order_id: UUID | None = None
) -> str | None:
    """Return the number of the order's receipt that the scan became, if it was not cancelled.

    Of any order's, if none is named. Receipts come of a scan under its lock, so that the answer
    stays true.
    """
    statement = select(receipts.c.number).where(
        receipts.c.opening_id == opening_id, receipts.c.status != ReceiptStatus.CANCELLED
    )
    if order_id is not None:
        statement = statement.where(receipts.c.order_id == order_id)
    return await session.scalar(statement.limit(1))


async def photos(
    session: AsyncSession, receipt_id: UUID, after: UUID | None = None, limit: int | None = None
) -> Sequence[Photo]:
    """Return the photos of a receipt, the first one first."""
    its_own = select(Photo).where(photo_table.c.receipt_id == receipt_id)
    if after is not None:
        its_own = its_own.where(photo_table.c.photo_id > after)
    return (await session.scalars(its_own.order_by(photo_table.c.photo_id).limit(limit))).all()


async def photo(session: AsyncSession, receipt_id: UUID, photo_id: UUID) -> Photo:
    """Load what is known of a receipt's photo."""
    found = await session.get(Photo, photo_id)
    if found is None or found.receipt_id != receipt_id:
        raise UnknownPhoto(receipt_id=receipt_id, photo_id=photo_id)
    return found


async def place_lines(
    session: AsyncSession, placed: Sequence[tuple[UUID, int, str, str | None]]
) -> None:
    """Note where lines arrived: (receipt, line, warehouse, the rule that decided so)."""
    if not placed:
        return
    names = ("of_receipt", "of_line", "warehouse", "rule")
    statement = (
        update(receipt_lines)
        .where(
            receipt_lines.c.receipt_id == bindparam("of_receipt"),
            receipt_lines.c.line_no == bindparam("of_line"),
        )
        .values(arrived_in=bindparam("warehouse"), arrival_rule=bindparam("rule"))
    )
    connection = await session.connection()
    await connection.execute(statement, [dict(zip(names, one, strict=True)) for one in placed])
