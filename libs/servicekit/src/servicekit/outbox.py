"""Events leave with the transaction that made them true: rows until the relay sends them."""

from collections.abc import Iterable

from opentelemetry.propagate import inject
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Event
from servicekit.clock import now
from servicekit.database import OUTBOX_TOUCHED
from servicekit.ids import new_id
from servicekit.tables import outbox


async def add(session: AsyncSession, events: Iterable[Event]) -> None:
    """Put events into the outbox, in this order.

    Call it while holding the lock of the aggregate the events are about: their ids then follow
    the order in which the aggregate changed, which is the order the relay keeps.
    """
    carrier: dict[str, str] = {}
    inject(carrier)
    at = now()
    rows = [
        {
            "event_id": new_id(),
            "topic": event.TOPIC.name,
            "key": event.key,
            "type": event.TYPE,
            "sequence": getattr(event, "sequence", None),
            "payload": event.model_dump_json(),
            "traceparent": carrier.get("traceparent"),
            "occurred_at": at,
        }
        for event in events
    ]
    if rows:
        await session.flush()
        await session.execute(insert(outbox), rows)
        session.info[OUTBOX_TOUCHED] = True
