"""What a process of a service has at hand while it runs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from redis.asyncio import Redis

from servicekit.auth import Authenticator
from servicekit.client import ServiceClient
from servicekit.database import Database
from servicekit.settings import Settings
from servicekit.wakeup import Waker


@dataclass
class Context:
    """Settings, database and the clients of other services, opened once per process."""

    service: str
    settings: Settings
    redis: Redis = field(init=False)
    database: Database = field(init=False)
    authenticator: Authenticator = field(init=False)
    _clients: dict[str, ServiceClient] = field(default_factory=dict)
    _endings: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open nothing yet: connections are made at first use."""
        self.redis = Redis.from_url(str(self.settings.redis_url), socket_timeout=5)
        self.database = Database(self.settings, Waker(self.redis, self.service))
        self.authenticator = Authenticator(self.settings)

    def client(self, base_url: str) -> ServiceClient:
        """Return the client for another service, with this service's own token."""
        if base_url not in self._clients:
            self._clients[base_url] = ServiceClient(base_url, self.settings.service_token_file)
        return self._clients[base_url]

    def at_end(self, finish: Callable[[], Awaitable[None]]) -> None:
        """Have something finished before what it stands on is closed."""
        self._endings.append(finish)

    async def close(self) -> None:
        """Close what was opened."""
        for finish in self._endings:
            await finish()
        for client in self._clients.values():
            await client.close()
        await self.database.dispose()
        await self.redis.aclose()
