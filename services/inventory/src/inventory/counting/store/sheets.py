"""Loads sheets, and who holds what a sheet misses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.counting.domain.refusals import UnknownSheet
from inventory.counting.domain.sheet import CountSheet, Goods
from inventory.counting.tables import count_sheet
from inventory.reservations.tables import reservation, reservation_line
from inventory.stock.domain import Place

HOLDERS_MAX = 20
"""Orders that a refusal names for each line."""


Holder = tuple[UUID, Decimal]
"""An order, and how much it holds."""


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


async def holders(session: AsyncSession, places: Collection[Place]) -> dict[Place, list[Holder]]:
    """Return, by place, the orders that hold most of it."""
    line = reservation_line.c
    key = (line.site_id, line.item_id, line.warehouse_id, line.batch_id)
    held = func.sum(line.outstanding)
    rows = await session.execute(
        select(*key, reservation.c.order_id, held.label("held"))
        .join(
            reservation,
            (reservation.c.site_id == line.site_id)
            & (reservation.c.reservation_id == line.reservation_id),
        )
        .where(
            tuple_(*key).in_(list(places)),
            line.outstanding > 0,
        )
        .group_by(*key, reservation.c.order_id)
        .order_by(held.desc(), reservation.c.order_id)
    )
    found: dict[Place, list[Holder]] = {place: [] for place in places}
    for *place, order_id, quantity in rows:
        named = found[Place(*place)]
        if len(named) < HOLDERS_MAX:
            named.append((order_id, quantity))
    return found
