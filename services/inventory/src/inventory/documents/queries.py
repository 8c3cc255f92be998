"""Documents, and goods in transit, as people look for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, RowMapping, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.tables import item, site, warehouse
from inventory.documents.domain import DocumentKind, DocumentStatus
from inventory.documents.tables import stock_document, stock_document_line
from inventory.stock.tables import stock_in_transit

Rows = Sequence[Row[Any]]


@dataclass(frozen=True, kw_only=True)
class DocumentFilter:
    """Which documents are looked for; None means any."""

    covered: Collection[str] | None
    site_id: str | None = None
    warehouse_id: str | None = None
    kind: DocumentKind | None = None
    status: DocumentStatus | None = None
    number: str | None = None
    source_document: str | None = None
    dispatch_id: UUID | None = None
    item_id: str | None = None


_EXACT = (
    "site_id",
    "warehouse_id",
    "kind",
    "status",
    "number",
    "source_document",
    "dispatch_id",
)


async def documents_before(
    session: AsyncSession, wanted: DocumentFilter, before: UUID | None, limit: int
) -> Rows:
    """List documents without their lines, the newest first (ids sort by time)."""
    table, line = stock_document.c, stock_document_line.c
    query = select(stock_document).order_by(table.document_id.desc()).limit(limit)
    if before is not None:
        query = query.where(table.document_id < before)
    if wanted.covered is not None:
        query = query.where(table.site_id.in_(wanted.covered))
    for name in _EXACT:
        if (value := getattr(wanted, name)) is not None:
            query = query.where(table[name] == value)
    if wanted.item_id is not None:
        of_item = (line.document_id == table.document_id) & (line.item_id == wanted.item_id)
        query = query.where(exists().where(of_item))
    return (await session.execute(query)).all()


Position = tuple[str, UUID, int]
"""Target site, dispatch and line."""


@dataclass(frozen=True)
class TransitFilter:
    """Which goods in transit are looked for; None means any."""

    covered: Collection[str] | None
    to_site_id: str | None = None
    item_id: str | None = None
    dispatch_id: UUID | None = None


async def goods_in_transit(
    session: AsyncSession, wanted: TransitFilter, after: Position | None, limit: int
) -> Sequence[RowMapping]:
    """List what has not arrived yet, by target, dispatch and line."""
    table = stock_in_transit.c
    key = (table.to_site_id, table.document_id, table.line_no)
    number = stock_document.c.number.label("dispatch_number")
    query = (
        select(stock_in_transit, number)
        .join(
            stock_document,
            (stock_document.c.site_id == table.from_site_id)
            & (stock_document.c.document_id == table.document_id),
        )
        .where(table.outstanding > 0)
        .order_by(*key)
        .limit(limit)
    )
    if wanted.covered is not None:
        query = query.where(table.to_site_id.in_(wanted.covered))
    if wanted.to_site_id is not None:
        query = query.where(table.to_site_id == wanted.to_site_id)
    if wanted.item_id is not None:
        query = query.where(table.item_id == wanted.item_id)
    if wanted.dispatch_id is not None:
        query = query.where(table.document_id == wanted.dispatch_id)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    return (await session.execute(query)).mappings().all()


@dataclass(frozen=True)
class Names:
    """What people call the places and items of a document."""

    places: dict[tuple[str, str], str]
    items: dict[str, str]


async def names(
    session: AsyncSession, places: Collection[tuple[str, str]], item_ids: Collection[str]
) -> Names:
    """Return the names of warehouses, each with its site's, and of items."""
    table = warehouse.c
    of_places = await session.execute(
        select(table.site_id, table.warehouse_id, site.c.name, table.name)
        .join(site, site.c.site_id == table.site_id)
        .where(tuple_(table.site_id, table.warehouse_id).in_(places))
    )
    of_items = await session.execute(
        select(item.c.item_id, item.c.name).where(item.c.item_id.in_(item_ids))
    )
    return Names(
        {(row[0], row[1]): f"{row[2]} / {row[3]}" for row in of_places},
        {row[0]: row[1] for row in of_items},
    )
