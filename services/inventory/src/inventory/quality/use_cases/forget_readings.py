"""Forget readings that nobody has to keep any more."""

from datetime import timedelta

from inventory.quality.store import conditions as store
from servicekit.clock import now
from servicekit.database import Database


async def forget_readings(database: Database, days: int) -> None:
    """Remove the readings that came more than so many days ago."""
    async with database.transaction() as session:
        await store.forget_readings(session, now() - timedelta(days=days))
