"""Whole lists, for files: across items, in the order of the primary keys."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Text, and_, cast, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.tables import item, kit_component, kit_version
from inventory.stock.tables import batch, ledger_entry

Rows = Sequence[Any]


async def entries(
    session: AsyncSession, site_id: str, item_id: str | None, after: tuple[str, int], limit: int
) -> Rows:
    """List the ledger of a site by item, or of one item, in the order it was written."""
    table = ledger_entry.c
    key = (table.item_id, table.sequence)
    query = (
        select(ledger_entry)
        .where(
            table.site_id == site_id,
            tuple_(*key) > tuple_(literal(after[0]), literal(after[1], BigInteger)),
        )
        .order_by(*key)
        .limit(limit)
    )
    if item_id is not None:
        query = query.where(table.item_id == item_id)
    rows: Rows = (await session.execute(query)).all()
    return rows


async def batches(
    session: AsyncSession, item_id: str | None, after: Sequence[str] | None, limit: int
) -> Rows:
    """List batches by item."""
    table = batch.c
    key = (table.item_id, table.batch_id)
    cells = [column for column in table if column.name != "attributes"]
    attributes = cast(table.attributes, Text).label("attributes")
    query = select(*cells, attributes).order_by(*key).limit(limit)
    if item_id is not None:
        query = query.where(table.item_id == item_id)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    rows: Rows = (await session.execute(query)).all()
    return rows


async def kits(session: AsyncSession, after: Sequence[str] | None, limit: int) -> Rows:
    """List the components of kits as they are made now."""
    table, version = kit_component.c, kit_version.c
    key = (table.item_id, table.component_id)
    query = (
        select(kit_component, version.defined_at, version.defined_by)
        .join(item, and_(item.c.item_id == table.item_id, item.c.kit_version == table.version))
        .join(
            kit_version,
            and_(version.item_id == table.item_id, version.version == table.version),
        )
        .order_by(*key)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    rows: Rows = (await session.execute(query)).all()
    return rows
