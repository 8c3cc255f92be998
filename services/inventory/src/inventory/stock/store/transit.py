"""Loads goods in transit, locked after documents and before streams, in the order of lines."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text, Uuid, bindparam, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.domain import InTransit
from inventory.stock.tables import LineQuantity, stock_in_transit

_SAVE = text("""
    update stock_in_transit as sent
    set outstanding = changed.outstanding, tolerated = changed.tolerated,
        surplus = changed.surplus
    from unnest(:sites, :documents, :lines, :outstanding, :tolerated, :surplus)
        as changed (site, document, line, outstanding, tolerated, surplus)
    where to_site_id = site and document_id = document and line_no = line
""").bindparams(
    bindparam("sites", type_=ARRAY(Text)),
    bindparam("documents", type_=ARRAY(Uuid)),
    bindparam("lines", type_=ARRAY(Integer)),
    bindparam("outstanding", type_=ARRAY(LineQuantity)),
    bindparam("tolerated", type_=ARRAY(LineQuantity)),
    bindparam("surplus", type_=ARRAY(LineQuantity)),
)


async def add_in_transit(session: AsyncSession, sent: Iterable[InTransit]) -> None:
    """Keep what a dispatch sent."""
    rows = [
        {column.name: getattr(one, column.name) for column in stock_in_transit.columns}
        for one in sent
    ]
    if rows:
        await session.execute(insert(stock_in_transit), rows)


async def load_in_transit(
    session: AsyncSession, to_site_id: str, item_ids: Collection[str]
) -> list[InTransit]:
    """Return what is on its way to a site of some items, what is expected first first."""
    table = stock_in_transit.c
    wanted = (
        select(*table)
        .where(table.to_site_id == to_site_id, table.item_id.in_(item_ids), table.outstanding > 0)
        .order_by(table.expected_at.nulls_last(), table.document_id, table.line_no)
    )
    return [InTransit(**row) for row in (await session.execute(wanted)).mappings()]


async def lock_in_transit(
    session: AsyncSession, to_site_id: str, dispatch_id: UUID
) -> dict[int, InTransit]:
    """Return what a dispatch sent, arrived or not, by its lines, locked."""
    table = stock_in_transit.c
    wanted = (
        select(*table)
        .where(table.to_site_id == to_site_id, table.document_id == dispatch_id)
        .order_by(table.line_no)
        .with_for_update(key_share=True)
    )
    rows = (await session.execute(wanted)).mappings()
    return {row["line_no"]: InTransit(**row) for row in rows}


async def save_in_transit(session: AsyncSession, sent: Collection[InTransit]) -> None:
    """Write back what is left of dispatches, which is locked."""
    given = {
        "sites": [one.to_site_id for one in sent],
        "documents": [one.document_id for one in sent],
        "lines": [one.line_no for one in sent],
        "outstanding": [one.outstanding for one in sent],
        "tolerated": [one.tolerated for one in sent],
        "surplus": [one.surplus for one in sent],
    }
    if sent:
        await session.execute(_SAVE, given)
