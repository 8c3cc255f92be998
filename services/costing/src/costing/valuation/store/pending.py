"""Facts that came before their turn, and the streams that wait with them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from costing.valuation.domain.movement import EntryKey, Stream
from costing.valuation.domain.valuation import Valuation
from costing.valuation.store.columns import key_columns, over, stream_columns
from costing.valuation.tables import pending_fact, valuation
from servicekit.tables import Moment

AT_ONCE = 100


class Pending(NamedTuple):
    """A fact that came before its turn, as it was sent."""

    type: str
    payload: str


_TAKE = over("""
    select site_id, item_id, sequence, type, payload
    from pending_fact
    join unnest(:sites, :items) as wanted (site, item) on site_id = site and item_id = item
""")
_KEEP = over("""
    insert into pending_fact (site_id, item_id, sequence, type, payload, since)
    select early.*, :since from unnest(:sites, :items, :sequences, :kinds, :payloads) as early
    on conflict do nothing
""").bindparams(bindparam("since", type_=Moment))
_DROP = over("""
    delete from pending_fact
    using unnest(:sites, :items, :sequences) as applied (site, item, number)
    where site_id = site and item_id = item and sequence <= number
""")


async def take(
    session: AsyncSession, streams: Collection[Stream]
) -> dict[Stream, dict[int, Pending]]:
    """Return the facts that wait for their turn, by stream and number."""
    waiting: dict[Stream, dict[int, Pending]] = {}
    for site_id, item_id, sequence, *sent in await session.execute(_TAKE, stream_columns(streams)):
        waiting.setdefault((site_id, item_id), {})[sequence] = Pending(*sent)
    return waiting


async def keep(
    session: AsyncSession, facts: Iterable[tuple[EntryKey, Pending]], since: datetime
) -> None:
    """Keep facts that came before their turn; one kept already stays."""
    early = dict(facts)
    if early:
        columns = key_columns(early) | {
            "kinds": [one.type for one in early.values()],
            "payloads": [one.payload for one in early.values()],
        }
        await session.execute(_KEEP, {**columns, "since": since})


async def drop(session: AsyncSession, applied: Sequence[Valuation]) -> None:
    """Forget waiting facts whose turn has come and gone."""
    if applied:
        columns = key_columns((*one.stream, one.sequence) for one in applied)
        await session.execute(_DROP, columns)


async def delayed(session: AsyncSession, before: datetime, after: Stream) -> Sequence[Any]:
    """Return streams with facts that have waited since before a moment: those after a stream."""
    rows = await session.execute(
        select(valuation.c.site_id, valuation.c.item_id, valuation.c.sequence)
        .join(
            pending_fact,
            (valuation.c.site_id == pending_fact.c.site_id)
            & (valuation.c.item_id == pending_fact.c.item_id),
        )
        .where(
            pending_fact.c.since < before,
            tuple_(valuation.c.site_id, valuation.c.item_id) > tuple_(*after),
        )
        .distinct()
        .order_by(valuation.c.site_id, valuation.c.item_id)
        .limit(AT_ONCE)
    )
    return rows.all()


async def next_of(session: AsyncSession, stream: Stream) -> tuple[int, Pending | None]:
    """Return how far a stream is, and the fact that is next if that one is here already."""
    following = and_(
        pending_fact.c.site_id == valuation.c.site_id,
        pending_fact.c.item_id == valuation.c.item_id,
        pending_fact.c.sequence == valuation.c.sequence + 1,
    )
    rows = await session.execute(
        select(valuation.c.sequence, pending_fact.c.type, pending_fact.c.payload)
        .outerjoin(pending_fact, following)
        .where(valuation.c.site_id == stream[0], valuation.c.item_id == stream[1])
    )
    found = rows.one_or_none()
    if found is None:
        return 0, None
    sequence, kind, payload = found
    return sequence, None if kind is None else Pending(kind, payload)
