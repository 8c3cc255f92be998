"""Keeps what costing tells, and shares corrections out; a stream is shared out by one at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    ARRAY,
    RowMapping,
    ScalarSelect,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from sales.margins.domain import LineGone, Share, Stream
from sales.margins.tables import corrections, costs, returned_costs, reversed_costs, shares

_LOCK = text(
    "select pg_advisory_xact_lock(hashtextextended(stream, 0))"
    " from (select unnest(:streams) as stream order by 1) as streams"
).bindparams(bindparam("streams", type_=ARRAY(Text)))


async def lock(session: AsyncSession, streams: Sequence[Stream]) -> None:
    """Let nobody else share out corrections of these streams meanwhile."""
    named = sorted({f"margin:{site_id}:{item_id}" for site_id, item_id in streams})
    await session.execute(_LOCK, {"streams": named})


async def keep(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert what is not there yet: what was told before is the same."""
    if rows:
        await session.execute(postgresql.insert(table).on_conflict_do_nothing(), rows)


async def corrections_from(
    session: AsyncSession, stream: Stream, sequence: int
) -> Sequence[RowMapping]:
    """Return the corrections of a stream from a place on: earlier ones bear nothing later."""
    site_id, item_id = stream
    rows = await session.execute(
        select(corrections).where(
            corrections.c.site_id == site_id,
            corrections.c.item_id == item_id,
            corrections.c.sequence >= sequence,
        )
    )
    return rows.mappings().all()


async def lines_gone(session: AsyncSession, correction: RowMapping) -> list[LineGone]:
    """Return the lines between a correction and its receipt, in the order in which they left."""
    rows = await session.execute(
        select(
            costs.c.shipment_id,
            costs.c.line_no,
            (
                costs.c.quantity
                - _until(correction, returned_costs)
                + _until(correction, reversed_costs)
            ).label("quantity"),
        )
        .where(
            costs.c.site_id == correction["site_id"],
            costs.c.item_id == correction["item_id"],
            costs.c.sequence > correction["receipt_sequence"],
            costs.c.sequence < correction["sequence"],
        )
        .order_by(costs.c.sequence)
    )
    return [LineGone(**row) for row in rows.mappings()]


def _until(correction: RowMapping, told: Table) -> ScalarSelect[Any]:
    """Return what is told of a line by the time of a correction: what came back, or did not."""
    return (
        select(func.coalesce(func.sum(told.c.quantity), 0))
        .where(
            told.c.site_id == costs.c.site_id,
            told.c.shipment_id == costs.c.shipment_id,
            told.c.shipment_line_no == costs.c.line_no,
            told.c.sequence < correction["sequence"],
        )
        .scalar_subquery()
    )


async def share_out(session: AsyncSession, correction: RowMapping, parts: Sequence[Share]) -> None:
    """Keep which lines bear a correction, in place of what was thought before."""
    key = {name: correction[name] for name in ("site_id", "item_id", "sequence")}
    old = [shares.c[name] == value for name, value in key.items()]
    await session.execute(delete(shares).where(*old))
    if parts:
        await session.execute(insert(shares), [key | asdict(one) for one in parts])
