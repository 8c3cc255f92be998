"""Keeps which units are called back by their numbers."""

from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.domain import CalledBack
from inventory.stock.tables import called_back_units as table


async def call_units_back(session: AsyncSession, given: CalledBack) -> None:
    """Let nobody get these units, until they are let go."""
    await session.execute(insert(table).values(asdict(given)))


async def let_units_go(session: AsyncSession, recall: str) -> None:
    """The units of a recall are good after all."""
    await session.execute(delete(table).where(table.c.recall == recall))


async def find_called_back(session: AsyncSession, item_ids: Collection[str]) -> list[CalledBack]:
    """Return which units of these items are called back."""
    if not item_ids:
        return []
    wanted = select(table).where(table.c.item_id.in_(set(item_ids))).order_by(table.c.recall)
    return [CalledBack(**row) for row in (await session.execute(wanted)).mappings()]
