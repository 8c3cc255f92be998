"""Keeps counts, just as they were told."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Row, any_, insert, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import BaseQuantity
from inventory.catalog.domain.weights import Weight
from inventory.counting.domain.counts import Count
from inventory.counting.domain.sheet import CountSheet
from inventory.counting.tables import stock_count


async def counts_of(
    session: AsyncSession,
    sheet: CountSheet,
    line_nos: Collection[int] | None = None,
    count_ids: Collection[UUID] = (),
) -> list[Count]:
    """Return the counts of some lines (None: all), and those of these ids on any line."""
    table = stock_count.c
    query = select(stock_count).where(
        table.site_id == sheet.site_id, table.sheet_id == sheet.sheet_id
    )
    if line_nos is not None:
        some = table.line_no == any_(literal(list(line_nos), ARRAY(Integer)))
        query = query.where(or_(some, table.count_id.in_(count_ids)))
    rows = await session.execute(query.order_by(table.count_id))
    return [_count(row) for row in rows]


async def add_counts(session: AsyncSession, sheet: CountSheet, counts: Iterable[Count]) -> None:
    """Keep new counts."""
    rows: Sequence[dict[str, Any]] = [
        {"site_id": sheet.site_id, "sheet_id": sheet.sheet_id, **_row(one)} for one in counts
    ]
    if rows:
        await session.execute(insert(stock_count), rows)


PLAIN = (
    "count_id",
    "line_no",
    "round_no",
    "spot",
    "counted_at",
    "counted_by",
    "device_id",
    "received_at",
)


def _row(count: Count) -> dict[str, Any]:
    weight = count.weight
    return {
        **{name: getattr(count, name) for name in PLAIN},
        "quantity": count.measured.quantity,
        "unit": count.measured.unit,
        "unit_quantity": count.measured.unit_quantity,
        "unit_version": count.measured.version,
        "serials": list(count.serials),
        "scale_id": weight and weight.scale_id,
        "gross": weight and weight.gross,
        "tare": weight and weight.tare,
        "net": weight and weight.net,
        "weight_unit": weight and weight.unit,
        "weighed_at": weight and weight.weighed_at,
    }


def _count(row: Row[Any]) -> Count:
    weight = None
    if row.scale_id is not None:
        weight = Weight(row.scale_id, row.gross, row.tare, row.net, row.weight_unit, row.weighed_at)
    return Count(
        **{name: getattr(row, name) for name in PLAIN},
        measured=BaseQuantity(row.quantity, row.unit, row.unit_quantity, row.unit_version),
        serials=tuple(row.serials),
        weight=weight,
    )
