"""Each event is applied once by each consumer: its id is kept with the effects."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.bus.reading import Record

# In order of ids, so that two workers that get the same events don't wait for each other in turn.
_ADMIT = text(
    "insert into inbox (consumer, event_id)"
    " select :consumer, id from unnest(:ids) as id order by id"
    " on conflict do nothing returning event_id"
).bindparams(bindparam("consumer", type_=Text), bindparam("ids", type_=ARRAY(Uuid)))

_TALLY = text("""
    insert into inbox_tally as tally (consumer, topic, applied, suppressed)
    values (:consumer, :topic, :applied, :suppressed)
    on conflict (consumer, topic) do update
    set applied = tally.applied + excluded.applied,
        suppressed = tally.suppressed + excluded.suppressed
""").bindparams(
    bindparam("consumer", type_=Text),
    bindparam("topic", type_=Text),
    bindparam("applied", type_=BigInteger),
    bindparam("suppressed", type_=BigInteger),
)


async def admit(
    session: AsyncSession, consumer: str, records: Sequence[Record]
) -> tuple[list[Record], int]:
    """Return the records not applied before, each once and in order, and how many were repeats."""
    once: dict[UUID, Record] = {}
    for record in records:
        once.setdefault(record.event_id, record)
    rows = await session.execute(_ADMIT, {"consumer": consumer, "ids": list(once)})
    fresh = set(rows.scalars())
    admitted = [record for event_id, record in once.items() if event_id in fresh]
    return admitted, len(records) - len(admitted)


async def tally(
    session: AsyncSession, consumer: str, records: Sequence[Record], admitted: Sequence[Record]
) -> None:
    """Count what was applied and what was suppressed as a repeat, by topic."""
    seen = Counter(record.topic for record in records)
    applied = Counter(record.topic for record in admitted)
    for topic in sorted(seen):
        fresh, repeats = applied[topic], seen[topic] - applied[topic]
        counts = {"topic": topic, "applied": fresh, "suppressed": repeats}
        await session.execute(_TALLY, {"consumer": consumer, **counts})
