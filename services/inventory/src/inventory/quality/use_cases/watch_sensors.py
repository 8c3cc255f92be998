"""Watch sensors: of one that is not heard any more people are warned, once."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import SensorFellSilent
from inventory.quality.domain.conditions import Watch
from inventory.quality.store import conditions as store
from servicekit import outbox
from servicekit.clock import now
from servicekit.database import Database

WATCHES_AT_ONCE = 500
"""In one transaction, so that no reading waits for long."""


async def watch_sensors(database: Database) -> None:
    """Warn of the sensors that fell silent; what breaks off is gone on with in the next round."""
    while True:
        async with database.transaction() as session:
            warned = await _warn(session)
        if warned < WATCHES_AT_ONCE:
            return


async def _warn(session: AsyncSession) -> int:
    at = now()
    silent = await store.lock_silent(session, at, WATCHES_AT_ONCE)
    for watch in silent:
        watch.fall_silent(at)
    await outbox.add(session, [_fact(watch) for watch in silent])
    return len(silent)


def _fact(watch: Watch) -> SensorFellSilent:
    if watch.heard_at is None or watch.silent_since is None:
        raise ValueError("a sensor that was never heard does not fall silent")
    return SensorFellSilent(
        site_id=watch.site_id,
        warehouse_id=watch.warehouse_id,
        device_id=watch.device_id,
        at=watch.silent_since,
        heard_at=watch.heard_at,
    )
