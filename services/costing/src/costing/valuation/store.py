"""Loads values locked, in one order; writes back a batch in a handful of statements."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    Text,
    bindparam,
    insert,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import TextClause

from costing.valuation.domain import Entry, Valuation
from costing.valuation.tables import (
    Fine,
    Money,
    Quantity,
    pending_fact,
    valuation,
    value_entry,
)

GAPS_AT_ONCE = 100
Stream = tuple[str, str]
"""Site and item."""


class Pending(NamedTuple):
    """A fact that came before its turn, as it was sent."""

    type: str
    payload: str


COLUMNS: tuple[BindParameter[Any], ...] = (
    bindparam("sites", type_=ARRAY(Text)),
    bindparam("items", type_=ARRAY(Text)),
    bindparam("numbers", type_=ARRAY(BigInteger)),
    bindparam("quantities", type_=ARRAY(Quantity)),
    bindparam("values", type_=ARRAY(Money)),
    bindparam("rests", type_=ARRAY(Fine)),
)


def _arrays(statement: str) -> TextClause:
    """Return a statement whose parameters are columns: one array each."""
    used = [column for column in COLUMNS if f":{column.key}" in statement]
    return text(statement).bindparams(*used)


_MAKE = _arrays("""
    insert into valuation (site_id, item_id, sequence, quantity, value, carried)
    select site, item, 0, 0, 0, 0 from unnest(:sites, :items) as wanted (site, item)
    order by site, item
    on conflict do nothing
""")
_LOCK = _arrays("""
    select site_id, item_id, sequence, quantity, value, carried
    from valuation
    join unnest(:sites, :items) as wanted (site, item) on site_id = site and item_id = item
    order by site_id, item_id
    for no key update of valuation
""")
_SAVE = _arrays("""
    update valuation
    set sequence = changed.number, quantity = changed.quantity,
        value = changed.value, carried = changed.carried
    from unnest(:sites, :items, :numbers, :quantities, :values, :rests)
        as changed (site, item, number, quantity, value, carried)
    where site_id = site and item_id = item
""")
_WAITING = _arrays("""
    select site_id, item_id, sequence, type, payload
    from pending_fact
    join unnest(:sites, :items) as wanted (site, item) on site_id = site and item_id = item
""")
_DROP = _arrays("""
    delete from pending_fact
    using unnest(:sites, :items, :numbers) as applied (site, item, number)
    where site_id = site and item_id = item and sequence <= number
""")


async def lock_valuations(
    session: AsyncSession, streams: Collection[Stream]
) -> dict[Stream, Valuation]:
    """Return the values of the streams, locked; those that were missing are made."""
    columns = _columns(sorted(streams))
    await session.execute(_MAKE, columns)
    rows = await session.execute(_LOCK, columns)
    return {
        (row.site_id, row.item_id): Valuation(
            row.site_id, row.item_id, row.sequence, row.quantity, row.value, row.carried
        )
        for row in rows
    }


async def save_valuations(session: AsyncSession, changed: Sequence[Valuation]) -> None:
    """Write back values that were locked."""
    await session.execute(
        _SAVE,
        {
            **_columns((one.site_id, one.item_id) for one in changed),
            "numbers": [one.sequence for one in changed],
            "quantities": [one.quantity for one in changed],
            "values": [one.value for one in changed],
            "rests": [one.carried for one in changed],
        },
    )


async def append(session: AsyncSession, entries: Sequence[Entry], costed_at: datetime) -> None:
    """Add value entries; none is ever changed."""
    rows = [
        {
            "site_id": entry.movement.site_id,
            "item_id": entry.movement.item_id,
            "sequence": entry.movement.sequence,
            "kind": entry.movement.kind.value,
            "quantity": entry.quantity,
            "value": entry.value,
            "unit_cost": entry.unit_cost,
            "quantity_after": entry.quantity_after,
            "value_after": entry.value_after,
            "document_id": entry.movement.document_id,
            "document_number": entry.movement.document_number,
            "line_no": entry.movement.line_no,
            "order_id": entry.movement.order_id,
            "posted_at": entry.movement.posted_at,
            "costed_at": costed_at,
        }
        for entry in entries
    ]
    await session.execute(insert(value_entry), rows)


async def take_pending(
    session: AsyncSession, streams: Collection[Stream]
) -> dict[Stream, dict[int, Pending]]:
    """Return the facts that wait for their turn, by stream and number."""
    rows = await session.execute(_WAITING, _columns(sorted(streams)))
    waiting: dict[Stream, dict[int, Pending]] = {}
    for row in rows:
        found = waiting.setdefault((row.site_id, row.item_id), {})
        found[row.sequence] = Pending(row.type, row.payload)
    return waiting


async def keep_pending(
    session: AsyncSession, facts: Iterable[tuple[Stream, int, Pending]], since: datetime
) -> None:
    """Keep facts that came before their turn; one kept already stays."""
    rows = [
        {
            "site_id": site_id,
            "item_id": item_id,
            "sequence": sequence,
            "type": fact.type,
            "payload": fact.payload,
            "since": since,
        }
        for (site_id, item_id), sequence, fact in facts
    ]
    if rows:
        await session.execute(postgresql.insert(pending_fact).on_conflict_do_nothing(), rows)


async def gaps(session: AsyncSession, before: datetime, after: Stream) -> Sequence[Any]:
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
        .limit(GAPS_AT_ONCE)
    )
    return rows.all()


async def drop_pending(session: AsyncSession, applied: Sequence[Valuation]) -> None:
    """Forget waiting facts whose turn has come and gone."""
    if applied:
        columns = _columns((one.site_id, one.item_id) for one in applied)
        await session.execute(_DROP, {**columns, "numbers": [one.sequence for one in applied]})


def _columns(streams: Iterable[Stream]) -> dict[str, list[str]]:
    pairs = list(streams)
    return {"sites": [site for site, _ in pairs], "items": [item for _, item in pairs]}
