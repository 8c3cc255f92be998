"""Keeps how long goods are held, by channel."""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales.channels.domain import Channel, TimeToLive
from sales.channels.tables import times_to_live


async def put(session: AsyncSession, time: TimeToLive) -> None:
    """Insert it, or replace what was said before."""
    given = asdict(time)
    statement = insert(times_to_live).values(given)
    changed = {name: value for name, value in given.items() if name != "channel"}
    await session.execute(statement.on_conflict_do_update(index_elements=["channel"], set_=changed))


async def seconds_of(session: AsyncSession, channel: Channel) -> int | None:
    """Return for how many seconds, or None if nobody has said."""
    wanted = select(times_to_live.c.seconds).where(times_to_live.c.channel == channel)
    seconds: int | None = await session.scalar(wanted)
    return seconds


async def all_set(session: AsyncSession) -> dict[Channel, TimeToLive]:
    """Return what was said, by channel."""
    rows = await session.execute(select(times_to_live))
    return {row["channel"]: TimeToLive(**row) for row in rows.mappings()}
