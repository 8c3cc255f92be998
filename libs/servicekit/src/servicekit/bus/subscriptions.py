"""What a service listens to, and the shape in which it gets it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Event, Topic


@dataclass(frozen=True)
class Received:
    """An event with the envelope it came in."""

    event: Any
    id: UUID
    type: str
    time: datetime
    topic: str
    key: str
    traceparent: str | None = None


BatchHandler = Callable[[AsyncSession, Sequence[Received]], Awaitable[None]]
SingleHandler = Callable[[AsyncSession, Received], Awaitable[None]]


@dataclass(frozen=True)
class Subscription:
    """One consumer group and what it does with the events of its topics.

    The handler gets events that were not applied before, in order for each key, and runs in the
    transaction that also records them as applied. Where it takes little of what the topics carry,
    `kinds` names that: nothing is opened, read or recorded for the rest.
    """

    group: str
    topics: tuple[Topic, ...]
    handle: BatchHandler
    lanes: int = 1
    """Transactions at a time, each with keys of its own: one computes while another waits."""
    kinds: tuple[type[Event], ...] = ()


def each(handlers: Mapping[type[Event], SingleHandler]) -> BatchHandler:
    """Return a batch handler that takes events one by one; types not named are passed over."""

    async def handle(session: AsyncSession, batch: Sequence[Received]) -> None:
        for received in batch:
            if single := handlers.get(type(received.event)):
                await single(session, received)

    return handle
