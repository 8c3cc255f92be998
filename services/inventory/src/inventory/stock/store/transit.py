"""Loads goods in transit, locked after documents and before streams, in the order of lines."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.domain import InTransit
from inventory.stock.tables import LineQuantity, stock_in_transit
from servicekit.columns import statement

_SAVE = statement(
    """
    update stock_in_transit as sent
    set outstanding = changed.outstanding, tolerated = changed.tolerated,
        surplus = changed.surplus, settled = string_to_array(changed.settled, ',')
    from unnest(:sites, :documents, :lines, :outstanding, :tolerated, :surplus, :settled)
        as changed (site, document, line, outstanding, tolerated, surplus, settled)
    where to_site_id = site and document_id = document and line_no = line
""",
    sites=Text,
    documents=Uuid,
    lines=Integer,
    outstanding=LineQuantity,
    tolerated=LineQuantity,
    surplus=LineQuantity,
    settled=Text,
)


async def add_in_transit(session: AsyncSession, sent: Iterable[InTransit]) -> None:
    """Keep what a dispatch sent."""
    rows = [
        {column.name: getattr(one, column.name) for column in stock_in_transit.columns}
        for one in sent
    ]
    if rows:
        await session.execute(insert(stock_in_transit), rows)


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
        "settled": [",".join(one.settled) for one in sent],
    }
    if sent:
        await session.execute(_SAVE, given)
