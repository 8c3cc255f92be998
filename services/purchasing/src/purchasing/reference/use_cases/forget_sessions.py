"""Forget scan sessions that ran out long ago, of which inventory keeps all.

A scan counts when it comes in, whatever was offline meanwhile: of a session that ran out nothing is
needed but to say so. What was scanned in it names place, person and device itself. One that is
told of again, or whose end is told of late, does no harm: it has run out by its own times.
"""

from datetime import timedelta

from purchasing.reference import store
from servicekit.clock import now
from servicekit.database import Database

KEPT = timedelta(days=7)
"""As long as answers are kept for who repeats a request."""
AT_ONCE = 1_000


async def forget_sessions(database: Database) -> None:
    """Remove them, so many in a transaction; those that end by hand run out by time as well."""
    gone = AT_ONCE
    while gone == AT_ONCE:
        async with database.transaction() as session:
            gone = await store.forget_scan_sessions(session, now() - KEPT, AT_ONCE)
