"""One transaction per request or message: opened here, committed here, nowhere else."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType

from prometheus_client import Histogram
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from servicekit.settings import Settings

POOL_WAIT = Histogram(
    "trueshelf_db_transaction_seconds",
    "Time a transaction was open, with the wait for its connection",
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5),
)
OUTBOX_TOUCHED = "outbox_touched"


class Database:
    """The service's own database, under the service's own role."""

    def __init__(
        self,
        settings: Settings,
        on_events: Callable[[], None] = lambda: None,
        server_settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`on_events` is called after each commit that added events, outside the transaction."""
        self.engine = create_async_engine(
            settings.sqlalchemy_url(settings.database_url),
            poolclass=AsyncAdaptedQueuePool,
            pool_size=settings.database_pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_recycle=1800,
            connect_args={
                "timeout": 5,
                "command_timeout": 60,
                "server_settings": {"timezone": "UTC", "lock_timeout": "10s", **server_settings},
            },
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self.on_events = on_events

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Commit when the block ends, roll back when it raises."""
        with POOL_WAIT.time():
            async with self._sessions() as session, session.begin():
                yield session
        if session.info.get(OUTBOX_TOUCHED):
            self.on_events()

    async def dispose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()
