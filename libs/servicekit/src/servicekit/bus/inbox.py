"""Each event is applied once by each consumer: its id is kept with the effects."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.bus.reading import Record
from servicekit.tables import inbox_tally

# In order of ids, so that two workers that get the same events don't wait for each other in turn.
_ADMIT = text(
    "insert into inbox (consumer, event_id)"
    " select :consumer, id from unnest(:ids) as id order by id"
    " on conflict do nothing returning event_id"
).bindparams(bindparam("consumer", type_=Text), bindparam("ids", type_=ARRAY(Uuid)))


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
        statement = insert(inbox_tally).values(
            consumer=consumer, topic=topic, applied=fresh, suppressed=repeats
        )
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["consumer", "topic"],
                set_={
                    "applied": inbox_tally.c.applied + statement.excluded.applied,
                    "suppressed": inbox_tally.c.suppressed + statement.excluded.suppressed,
                },
            )
        )
