"""Keeps what may be sold instead of what."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import Substitution
from inventory.catalog.tables import substitute

SAID = (
    "item_id",
    "substitute_id",
    "rank",
    "numerator",
    "denominator",
    "both_ways",
    "valid_from",
    "valid_to",
)


async def find_substitution(session: AsyncSession, like: Substitution) -> Substitution | None:
    """Return what is known of the two items, whose rows are locked."""
    rows = await session.execute(
        select(*(substitute.c[name] for name in SAID)).where(
            substitute.c.item_id == like.item_id,
            substitute.c.substitute_id == like.substitute_id,
        )
    )
    found = rows.mappings().one_or_none()
    return None if found is None else Substitution(**found)


async def put_substitution(
    session: AsyncSession, given: Substitution, defined_by: str, at: datetime
) -> None:
    """Keep it; the newest description counts."""
    row = {name: getattr(given, name) for name in SAID}
    row |= {"defined_by": defined_by, "defined_at": at}
    others = {name: row[name] for name in row if name not in ("item_id", "substitute_id")}
    await session.execute(
        insert(substitute)
        .values(row)
        .on_conflict_do_update(index_elements=["item_id", "substitute_id"], set_=others)
    )
