"""Reads what stands in for what, and keeps what lines of orders stand in for."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, insert, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.reference.tables import substitutes
from sales.substitutes import domain
from sales.substitutes.domain import Substitution
from sales.substitutes.tables import line_substitutions

StoodFor = Mapping[int, tuple[str, str | None]]
"""By line: its item, and the one it stands in for, if any."""


async def substitutions_of(session: AsyncSession, item_ids: Collection[str]) -> list[Substitution]:
    """Return what was ever said to stand in for one of the items, one way or both."""
    wanted = any_(literal(sorted(set(item_ids)), ARRAY(Text)))
    rows = await session.execute(
        select(*(substitutes.c[one.name] for one in fields(Substitution))).where(
            or_(
                substitutes.c.item_id == wanted,
                substitutes.c.both_ways & (substitutes.c.substitute_id == wanted),
            )
        )
    )
    return [Substitution(**row) for row in rows.mappings()]


async def must_stand_in(session: AsyncSession, stood_for: StoodFor, day: date) -> None:
    """Raise for the first line whose item doesn't stand in for what it is said to."""
    said = {no: (item, instead) for no, (item, instead) in stood_for.items() if instead}
    if said:
        known = await substitutions_of(session, [instead for _, instead in said.values()])
        domain.must_stand_in(known, said, day)


async def keep(session: AsyncSession, site_id: str, order_id: UUID, stood_for: StoodFor) -> None:
    """Keep what the lines of an order stand in for."""
    key = {"site_id": site_id, "order_id": order_id}
    rows = [
        key | {"line_no": line_no, "item_id": item_id, "substitute_for": instead}
        for line_no, (item_id, instead) in stood_for.items()
        if instead
    ]
    if rows:
        await session.execute(insert(line_substitutions), rows)
