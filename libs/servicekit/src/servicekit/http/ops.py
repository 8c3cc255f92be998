"""Pages for those who run a service: the state of its bus, parked messages, the event archive."""

import json
from collections import defaultdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row, func, select, union_all

from contracts.envelope import Event
from servicekit.auth import Caller
from servicekit.bus import parking
from servicekit.http.pages import BIGGEST, CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router
from servicekit.tables import inbox_tally, outbox, outbox_archive

queries = query_router("operations")
commands = command_router("operations")

Operator = Annotated[Caller, Depends(allow("operator", "service"))]
Reader = Annotated[Caller, Depends(allow("operator", "service", "integrator"))]


class Tally(BaseModel):
    """What one consumer did with one topic's events; it passes over all but its `kinds`, if any."""

    consumer: str
    topic: str
    kinds: list[str]
    applied: int
    suppressed: int


class BusState(BaseModel):
    """How much is under way between this service and the others."""

    pending: int
    """Events in the outbox, not acknowledged by the broker yet."""
    published: dict[str, int]
    """Events acknowledged, by topic."""
    published_kinds: dict[str, dict[str, int]]
    """The same, by topic and kind."""
    consumed: list[Tally]
    parked: dict[str, int]
    """Messages put aside, by consumer."""


class ParkedMessage(BaseModel):
    """A message that could not be applied, or waits behind one."""

    number: int
    consumer: str
    topic: str
    key: str
    event_id: UUID
    type: str
    state: str
    error: str
    parked_at: datetime
    payload: str


class Mending(BaseModel):
    """How a parked message is to be tried again."""

    model_config = ConfigDict(extra="forbid")

    payload: dict[str, Any] | None = None
    """The mended body; absent to try the old one again."""


class ArchivedEvent(BaseModel):
    """An event this service has published."""

    id: int
    event_id: UUID
    type: str
    topic: str
    key: str
    sequence: int | None
    time: datetime
    payload: dict[str, Any]


@queries.get("/ops/bus")
async def bus_state(request: Request, session: Session, _: Operator) -> BusState:
    """Count what was published and applied.

    The bus is drained when nothing is pending and each consumer has applied as much as was
    published of the kinds it takes.
    """
    # One moment for all counts: an event applied and answered between two of them would be missed.
    moment = await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    pending = await moment.scalar(select(func.count()).select_from(outbox)) or 0
    sent = defaultdict[str, dict[str, int]](dict)
    kind = (outbox_archive.c.topic, outbox_archive.c.type)
    for row in await session.execute(select(*kind, func.count().label("events")).group_by(*kind)):
        sent[row.topic][row.type] = row.events
    told = {(row.consumer, row.topic): row for row in await session.execute(select(inbox_tally))}
    subscriptions = request.app.state.subscriptions
    wanted = {(one.group, topic.name): one.kinds for one in subscriptions for topic in one.topics}
    # A consumer that has not had its first event yet is listed too: it may be the one to wait for.
    consumed = [_tally(one, wanted.get(one, ()), told.get(one)) for one in sorted({*wanted, *told})]
    return BusState(
        pending=pending,
        published={topic: sum(kinds.values()) for topic, kinds in sent.items()},
        published_kinds=sent,
        consumed=consumed,
        parked=await parking.count(session),
    )


def _tally(place: tuple[str, str], kinds: tuple[type[Event], ...], row: Row[Any] | None) -> Tally:
    counts = {name: getattr(row, name, 0) for name in ("applied", "suppressed")}
    return Tally(consumer=place[0], topic=place[1], kinds=[one.TYPE for one in kinds], **counts)


@queries.get("/ops/parked")
async def parked_messages(
    session: Session, paging: CurrentPaging, _: Operator
) -> Page[ParkedMessage]:
    """List parked messages, oldest first."""
    rows = await parking.listing(session, paging.after_number(), paging.limit + 1)
    items = [
        ParkedMessage(
            number=row.id,
            payload=row.payload.decode(errors="replace"),
            **{
                name: getattr(row, name)
                for name in ParkedMessage.model_fields
                if name in row._fields and name != "payload"
            },
        )
        for row in rows
    ]
    return paging.page(items, lambda item: [item.number])


Number = Annotated[int, Path(ge=1, le=BIGGEST)]


@commands.post("/ops/parked/{number}/release")
async def release_parked(number: Number, mending: Mending, session: Session, _: Operator) -> None:
    """Try a parked message again; those behind it follow in order."""
    payload = None if mending.payload is None else json.dumps(mending.payload)
    await parking.release(session, number, payload)


@commands.post("/ops/parked/{number}/discard")
async def discard_parked(number: Number, session: Session, _: Operator) -> None:
    """Give a parked message up; those behind it go on without it."""
    await parking.discard(session, number)


@queries.get("/events")
async def archived_events(
    session: Session,
    paging: CurrentPaging,
    _: Reader,
    topic: Annotated[str, Query(max_length=200, pattern=r"^[a-z0-9._-]+$")],
    key: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")] = None,
    after_sequence: Annotated[int, Query(ge=0, le=BIGGEST)] = 0,
) -> Page[ArchivedEvent]:
    """List events of a topic in the order they were made, sent or still to be sent."""
    parts = []
    for table in (outbox_archive, outbox):
        wanted = select(
            table.c.id,
            table.c.event_id,
            table.c.type,
            table.c.topic,
            table.c.key,
            table.c.sequence,
            table.c.payload,
            table.c.occurred_at,
        ).where(table.c.topic == topic, table.c.id > paging.after_number())
        if key is not None:
            wanted = wanted.where(table.c.key == key)
        if after_sequence:
            wanted = wanted.where(table.c.sequence > after_sequence)
        parts.append(wanted.order_by(table.c.id).limit(paging.limit + 1).subquery().select())
    both = union_all(*parts).subquery()
    rows = await session.execute(select(both).order_by(both.c.id).limit(paging.limit + 1))
    items = [
        ArchivedEvent(
            time=row.occurred_at,
            payload=json.loads(row.payload),
            **{
                name: getattr(row, name)
                for name in ("id", "event_id", "type", "topic", "key", "sequence")
            },
        )
        for row in rows
    ]
    return paging.page(items, lambda item: [item.id])
