"""Keeps picks; whoever adds or ends one has locked its order."""

from dataclasses import asdict, fields
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sales.picking.domain import Pick, PickLine, PickStatus, UnknownPick
from sales.picking.tables import pick_lines, picks

LINE = [pick_lines.c[one.name] for one in fields(PickLine)]


async def add(session: AsyncSession, pick: Pick) -> None:
    """Insert a pick with its lines."""
    head = asdict(pick)
    lines = head.pop("lines")
    key = {"site_id": pick.site_id, "pick_id": pick.pick_id}
    await session.execute(insert(picks).values(head))
    await session.execute(insert(pick_lines), [key | line for line in lines])


async def pick_of(session: AsyncSession, pick_id: UUID) -> Pick:
    """Return a pick with its lines, or raise."""
    found = await find(session, pick_id)
    if found is None:
        raise UnknownPick(pick_id=pick_id)
    return found


async def find(session: AsyncSession, pick_id: UUID) -> Pick | None:
    """Return a pick with its lines, or None."""
    heads = await session.execute(select(picks).where(picks.c.pick_id == pick_id))
    head = heads.mappings().one_or_none()
    if head is None:
        return None
    rows = await session.execute(
        select(*LINE)
        .where(pick_lines.c.site_id == head["site_id"], pick_lines.c.pick_id == pick_id)
        .order_by(pick_lines.c.line_no)
    )
    return Pick(**head, lines=tuple(PickLine(**row) for row in rows.mappings()))


async def open_lines(session: AsyncSession, site_id: str, order_id: UUID) -> list[PickLine]:
    """Return what is picked of an order and has not left."""
    rows = await session.execute(
        select(*LINE)
        .join_from(picks, pick_lines, _its_lines())
        .where(
            picks.c.site_id == site_id,
            picks.c.order_id == order_id,
            picks.c.status == PickStatus.OPEN,
        )
    )
    return [PickLine(**row) for row in rows.mappings()]


async def end(session: AsyncSession, pick: Pick) -> None:
    """Keep how a pick ended."""
    ended = {
        name: getattr(pick, name) for name in ("status", "shipment_id", "ended_at", "ended_by")
    }
    this = (picks.c.site_id == pick.site_id) & (picks.c.pick_id == pick.pick_id)
    await session.execute(update(picks).where(this).values(ended))


def _its_lines() -> ColumnElement[bool]:
    return (pick_lines.c.site_id == picks.c.site_id) & (pick_lines.c.pick_id == picks.c.pick_id)
