"""Events leave with the transaction that made them true: rows until the relay sends them."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from opentelemetry.propagate import inject
from sqlalchemy import BigInteger, Text, TextClause, Uuid
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Fact
from servicekit.clock import now
from servicekit.columns import statement
from servicekit.database import OUTBOX_TOUCHED
from servicekit.ids import new_id

Send = Callable[[AsyncSession, TextClause, dict[str, Any]], Awaitable[object]]

# One statement however many events; they are numbered in the order given.
_ADD = statement(
    """
    insert into outbox (event_id, topic, key, type, sequence, payload, traceparent, occurred_at)
    select event_id, topic, key, type, sequence, payload, traceparent, :occurred_at
    from unnest(:ids, :topics, :keys, :types, :sequences, :payloads, :traceparents)
        with ordinality
        as event (event_id, topic, key, type, sequence, payload, traceparent, place)
    order by place
    """,
    ids=Uuid,
    topics=Text,
    keys=Text,
    types=Text,
    sequences=BigInteger,
    payloads=Text,
    traceparents=Text,
)


async def add(
    session: AsyncSession,
    events: Iterable[Fact],
    traceparents: Sequence[str | None] | None = None,
    send: Send = AsyncSession.execute,
) -> None:
    """Put events into the outbox, in this order.

    Call it while holding the lock of the aggregate the events are about: their ids then follow
    the order in which the aggregate changed, which is the order the relay keeps. Events of
    requests that are done together each name the trace of their own. A hot path may have a shorter
    way to send a statement.
    """
    if not (added := list(events)):
        return
    if session.new or session.dirty or session.deleted:
        await session.flush()
    given = {
        "occurred_at": now(),
        "ids": [new_id() for _ in added],
        "topics": [event.TOPIC.name for event in added],
        "keys": [event.key for event in added],
        "types": [event.TYPE for event in added],
        "sequences": [getattr(event, "sequence", None) for event in added],
        "payloads": [event.model_dump_json() for event in added],
        "traceparents": traceparents or [_traceparent()] * len(added),
    }
    await send(session, _ADD, given)
    session.info[OUTBOX_TOUCHED] = True


def _traceparent() -> str | None:
    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.get("traceparent")
