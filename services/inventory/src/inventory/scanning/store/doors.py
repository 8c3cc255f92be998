"""Loads who works where, and what codes stand for."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.scanning.domain.understanding import Barcode
from inventory.scanning.tables import item_barcode, warehouse_worker


async def warehouses_of(session: AsyncSession, site_id: str, user_id: str) -> set[str]:
    """Return the warehouses of a site that a user works in."""
    table = warehouse_worker.c
    wanted = select(table.warehouse_id).where(table.site_id == site_id, table.user_id == user_id)
    return set((await session.scalars(wanted)).all())


async def assign(
    session: AsyncSession, place: tuple[str, str], user_id: str, by: str, at: datetime
) -> bool:
    """Let a user work in a warehouse; return False if that was so already."""
    site_id, warehouse_id = place
    row = {
        "site_id": site_id,
        "user_id": user_id,
        "warehouse_id": warehouse_id,
        "assigned_at": at,
        "assigned_by": by,
    }
    added = insert(warehouse_worker).values(row).on_conflict_do_nothing()
    return await session.scalar(added.returning(warehouse_worker.c.user_id)) is not None


async def unassign(session: AsyncSession, place: tuple[str, str], user_id: str) -> None:
    """Let a user no longer work in a warehouse."""
    site_id, warehouse_id = place
    table = warehouse_worker.c
    await session.execute(
        delete(warehouse_worker).where(
            table.site_id == site_id,
            table.user_id == user_id,
            table.warehouse_id == warehouse_id,
        )
    )


async def load_barcodes(session: AsyncSession, codes: Collection[str]) -> dict[str, Barcode]:
    """Return what those of the codes stand for that were given to an item."""
    rows = await session.execute(select(item_barcode).where(item_barcode.c.code.in_(set(codes))))
    return {row.code: Barcode(row.code, row.item_id, row.unit) for row in rows}


async def put_barcodes(session: AsyncSession, given: Iterable[Barcode]) -> None:
    """Let codes stand for items from now on, whatever they stood for before."""
    rows = [
        {"code": one.code, "item_id": one.item_id, "unit": one.unit}
        for one in sorted(given, key=lambda one: one.code)
    ]
    put = insert(item_barcode)
    put = put.on_conflict_do_update(
        index_elements=["code"],
        set_={"item_id": put.excluded.item_id, "unit": put.excluded.unit},
    )
    await session.execute(put, rows)


async def drop_barcodes(session: AsyncSession, codes: Collection[str]) -> None:
    """Let codes stand for nothing any more."""
    await session.execute(delete(item_barcode).where(item_barcode.c.code.in_(set(codes))))
