"""Watch how long the oldest unposted document waits, for those who run the platform."""

from prometheus_client import Gauge

from inventory.insight.store.open_work import oldest_unposted
from servicekit.clock import now
from servicekit.database import Database

OLDEST = Gauge(
    "trueshelf_oldest_unposted_document_seconds",
    "Age of the oldest stock document that is neither posted nor cancelled; 0 if there is none",
)


async def watch_open_documents(database: Database) -> None:
    """Set the gauge."""
    async with database.transaction() as session:
        since = await oldest_unposted(session)
    OLDEST.set(0 if since is None else (now() - since).total_seconds())
