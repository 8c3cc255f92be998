"""Say how long goods are held for unpaid orders of a channel that are placed from now on."""

from sqlalchemy.ext.asyncio import AsyncSession

from sales.channels import store
from sales.channels.domain import Channel, TimeToLive
from servicekit.auth import Caller
from servicekit.clock import now


async def set_time_to_live(
    session: AsyncSession, channel: Channel, seconds: int, caller: Caller
) -> TimeToLive:
    """Return what is in force from now on."""
    time = TimeToLive(channel=channel, seconds=seconds, set_at=now(), set_by=caller.subject)
    await store.put(session, time)
    return time
