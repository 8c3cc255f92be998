"""Where messages wait that could not be applied, and with them what comes after for their key.

States: `parked` is the culprit, `behind` waits for it, `released` was mended by an operator.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from prometheus_client import Gauge
from sqlalchemy import Row, Text, bindparam, delete, func, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.bus.reading import Record
from servicekit.clock import now
from servicekit.database import OUTBOX_TOUCHED
from servicekit.errors import Kind, Refusal
from servicekit.ids import new_id
from servicekit.tables import inbox, outbox
from servicekit.tables import parked_message as parked

PARKED = Gauge("trueshelf_parked_messages", "Messages that wait to be mended", ["consumer"])


_BLOCKED = (
    select(parked.c.topic, parked.c.key)
    .where(parked.c.consumer == bindparam("consumer", type_=Text))
    .distinct()
)


class UnknownParkedMessage(Refusal):
    """There is no parked message of this number."""

    kind = Kind.NOT_FOUND
    code = "unknown_parked_message"
    en = "There is no parked message {number}."
    zh = "没有编号为 {number} 的滞留消息。"


def dead_letter_topic(topic: str, consumer: str) -> str:
    """Return the topic where a consumer's parked messages of a topic are shown to others."""
    return f"{topic}.{consumer}.dlq"


async def blocked_keys(session: AsyncSession, consumer: str) -> set[tuple[str, str]]:
    """Return the keys whose messages must wait behind a parked one."""
    rows = await session.execute(_BLOCKED, {"consumer": consumer})
    return {(topic, key) for topic, key in rows}


async def park(
    session: AsyncSession, consumer: str, records: Iterable[Record], state: str, error: str
) -> None:
    """Put records aside; the culprit is also shown on the dead-letter topic."""
    for record in records:
        known = await session.scalar(
            insert(parked)
            .values(
                consumer=consumer,
                topic=record.topic,
                key=record.key.replace("\0", "\ufffd"),
                partition=record.partition,
                offset=record.offset,
                event_id=record.event_id,
                type=record.type,
                payload=record.value,
                headers=record.headers,
                error=error[:4000].replace("\0", "\ufffd"),
                state=state,
            )
            .on_conflict_do_nothing()
            .returning(parked.c.id)
        )
        if known is not None and state == "parked":
            await _show(session, consumer, record)


async def _show(session: AsyncSession, consumer: str, record: Record) -> None:
    text = record.value.decode(errors="replace").replace("\0", "\ufffd")
    await session.execute(
        plain_insert(outbox).values(
            event_id=new_id(),
            topic=dead_letter_topic(record.topic, consumer),
            key=record.key.replace("\0", "\ufffd"),
            type=record.type or "unknown",
            payload=text,
            traceparent=record.headers.get("traceparent"),
            occurred_at=now(),
        )
    )
    session.info[OUTBOX_TOUCHED] = True


async def next_due(session: AsyncSession, consumer: str) -> Row[Any] | None:
    """Lock and return the oldest message of some key that no longer waits for an operator."""
    heads = (
        select(func.min(parked.c.id))
        .where(parked.c.consumer == consumer)
        .group_by(parked.c.topic, parked.c.key)
    )
    found = await session.execute(
        select(parked)
        .where(parked.c.id.in_(heads), parked.c.state != "parked")
        .order_by(parked.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found.one_or_none()


async def drop(session: AsyncSession, number: int) -> None:
    """Forget a message that was applied after all."""
    await session.execute(delete(parked).where(parked.c.id == number))


async def park_again(session: AsyncSession, number: int, error: str) -> None:
    """Let a released message that failed once more wait for an operator again."""
    await session.execute(
        update(parked).where(parked.c.id == number).values(state="parked", error=error[:4000])
    )


async def release(session: AsyncSession, number: int, payload: str | None) -> None:
    """Let a parked message be tried again, with a mended body if one is given."""
    change: dict[str, object] = {"state": "released"}
    if payload is not None:
        change["payload"] = payload.encode()
    done = await session.scalar(
        update(parked).where(parked.c.id == number).values(change).returning(parked.c.id)
    )
    if done is None:
        raise UnknownParkedMessage(number=number)


async def discard(session: AsyncSession, number: int) -> None:
    """Give a message up for good: those behind it go on without it, and a repeat is one."""
    gone = await session.execute(
        delete(parked).where(parked.c.id == number).returning(parked.c.consumer, parked.c.event_id)
    )
    message = gone.one_or_none()
    if message is None:
        raise UnknownParkedMessage(number=number)
    await session.execute(insert(inbox).values(message._asdict()).on_conflict_do_nothing())


async def listing(session: AsyncSession, after: int, limit: int) -> Sequence[Row[Any]]:
    """Return parked messages in the order in which they were parked."""
    rows = await session.execute(
        select(parked).where(parked.c.id > after).order_by(parked.c.id).limit(limit)
    )
    return rows.all()


async def count(session: AsyncSession) -> dict[str, int]:
    """Return how many messages wait, by consumer."""
    rows = await session.execute(
        select(parked.c.consumer, func.count().label("waiting")).group_by(parked.c.consumer)
    )
    return {row.consumer: row.waiting for row in rows}
