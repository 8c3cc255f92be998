"""Tells the relay that there is something to send, from outside the transaction.

A lost wake-up costs a poll interval, never an event: Redis may go away at any time.
"""

import asyncio
import contextlib

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()


def channel(service: str) -> str:
    """Return the Redis channel on which one service's relay listens."""
    return f"trueshelf:{service}:outbox"


class Waker:
    """Publishes at most one wake-up at a time; those asked for meanwhile become one more."""

    def __init__(self, redis: Redis, service: str) -> None:
        self._redis = redis
        self._channel = channel(service)
        self._task: asyncio.Task[None] | None = None
        self._again = False

    def __call__(self) -> None:
        """Ask for a wake-up without waiting for it."""
        if self._task is not None and not self._task.done():
            self._again = True
            return
        self._task = asyncio.get_running_loop().create_task(self._publish())

    async def _publish(self) -> None:
        self._again = True
        while self._again:
            self._again = False
            with contextlib.suppress(RedisError, OSError):
                await self._redis.publish(self._channel, b"1")


class Alarm:
    """The relay's side: wait until woken, or until the backstop's time is over."""

    def __init__(self, redis: Redis, service: str) -> None:
        self._redis = redis
        self._channel = channel(service)
        self._rang = asyncio.Event()

    async def listen(self) -> None:
        """Listen until cancelled; reconnect when Redis comes back."""
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(self._channel)
                    self._rang.set()
                    while True:
                        heard = await subscription.get_message(
                            ignore_subscribe_messages=True, timeout=30
                        )
                        if heard is not None:
                            self._rang.set()
            except Exception as error:  # noqa: BLE001 - one left out would mean polling for good
                log.warning("wake-up channel lost, polling instead", error=str(error))
                await asyncio.sleep(2)

    async def wait(self, backstop_seconds: float) -> None:
        """Return when woken, at the latest after the backstop's time."""
        with contextlib.suppress(TimeoutError):
            # Not `wait_for`: before Python 3.12 it forgets a cancellation that comes with the ring.
            async with asyncio.timeout(backstop_seconds):
                await self._rang.wait()
        self._rang.clear()
