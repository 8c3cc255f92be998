"""Loads sheets."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.counting.domain.refusals import UnknownSheet
from inventory.counting.domain.sheet import CountSheet, Goods
from inventory.counting.tables import count_sheet


@dataclass(frozen=True)
class Scope:
    """What is to be counted; None means any."""

    site_id: str
    warehouse_id: str | None = None
    category: str | None = None
    abc_class: str | None = None
    goods: Sequence[Goods] = ()


async def add_sheet(session: AsyncSession, sheet: CountSheet) -> None:
    """Add a sheet."""
    session.add(sheet)
    await session.flush()


async def load_sheet(session: AsyncSession, sheet_id: UUID) -> CountSheet:
    """Return a sheet, or raise `UnknownSheet`."""
    wanted = select(CountSheet).where(count_sheet.c.sheet_id == sheet_id)
    return _known(await session.scalar(wanted), sheet_id)


async def find_sheets(
    session: AsyncSession, ids: Collection[UUID], numbers: Collection[str]
) -> Sequence[CountSheet]:
    """Return those sheets that there are, by id or number."""
    table = count_sheet.c
    wanted = select(CountSheet).where(table.sheet_id.in_(ids) | table.number.in_(numbers))
    return (await session.scalars(wanted)).all()


async def lock_sheet(session: AsyncSession, sheet_id: UUID) -> CountSheet:
    """Return a sheet, locked as it stands now, or raise `UnknownSheet`."""
    wanted = (
        select(CountSheet)
        .where(count_sheet.c.sheet_id == sheet_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return _known(await session.scalar(wanted), sheet_id)


def _known(found: CountSheet | None, sheet_id: UUID) -> CountSheet:
    if found is None:
        raise UnknownSheet(sheet_id=sheet_id)
    return found
