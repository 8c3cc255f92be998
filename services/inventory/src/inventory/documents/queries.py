"""Documents, and goods in transit, as people look for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    FromClause,
    Row,
    RowMapping,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.tables import item, site, warehouse
from inventory.documents.domain import DocumentKind, DocumentStatus
from inventory.documents.tables import (
    stock_document,
    stock_document_entry,
    stock_document_line,
)
from inventory.stock.domain import Kind
from inventory.stock.tables import ledger_entry, stock_in_transit

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
    """Which goods in transit are looked for, and as of which past moment; None means any, now."""

    covered: Collection[str] | None
    to_site_id: str | None = None
    item_id: str | None = None
    dispatch_id: UUID | None = None
    as_of: datetime | None = None


async def goods_in_transit(
    session: AsyncSession, wanted: TransitFilter, after: Position | None, limit: int
) -> Sequence[RowMapping]:
    """List what has not arrived yet, by target, dispatch and line."""
    sent = _sent() if wanted.as_of is None else _sent_at(wanted.as_of)
    table = sent.subquery("sent").c
    key = (table.to_site_id, table.document_id, table.line_no)
    query = select(*table).where(table.outstanding > 0).order_by(*key).limit(limit)
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


_DISPATCH = stock_document.alias("dispatch")
_OF_DISPATCH = and_(
    _DISPATCH.c.site_id == stock_in_transit.c.from_site_id,
    _DISPATCH.c.document_id == stock_in_transit.c.document_id,
)


def _sent() -> Select[Any]:
    """Return a query over what dispatches sent, with what is outstanding now."""
    number = _DISPATCH.c.number.label("dispatch_number")
    return select(stock_in_transit, number).join(_DISPATCH, _OF_DISPATCH)


def _sent_at(moment: datetime) -> Select[Any]:
    """Return the same, with what was outstanding when everything until a moment was posted."""
    table, arrived = stock_in_transit.c, _arrived_by(moment)
    counted = {"outstanding", "surplus", "settled"}
    return (
        select(
            *(column for column in table if column.name not in counted),
            (table.dispatched - arrived.c.arrived).label("outstanding"),
            arrived.c.surplus,
            arrived.c.settled,
            _DISPATCH.c.number.label("dispatch_number"),
        )
        .join(_DISPATCH, _OF_DISPATCH)
        .join(arrived, true())
        .where(_stood(_DISPATCH, moment))
    )


# Arrays of different lengths are no array of arrays: they are written one after the other.
_NAMED = func.string_agg(func.array_to_string(ledger_entry.c.serials, ","), ",")
_SETTLED = func.string_to_array(
    func.coalesce(_NAMED.filter(ledger_entry.c.kind == Kind.ARRIVAL), ""), ","
)


def _arrived_by(moment: datetime) -> Any:
    """Return what of a line of a dispatch had come, or was lost, which units, and what surplus."""
    arrival, line = stock_document.alias("arrival"), stock_document_line.c
    made, entry = stock_document_entry.c, ledger_entry.c

    def total(kind: Kind) -> Any:
        return func.coalesce(func.sum(entry.quantity).filter(entry.kind == kind), 0)

    return (
        select(
            total(Kind.ARRIVAL).label("arrived"),
            total(Kind.GAIN).label("surplus"),
            _SETTLED.label("settled"),
        )
        .select_from(arrival)
        .join(
            stock_document_line,
            (line.site_id == arrival.c.site_id) & (line.document_id == arrival.c.document_id),
        )
        .join(
            stock_document_entry,
            (made.site_id == line.site_id)
            & (made.document_id == line.document_id)
            & (made.line_no == line.line_no),
        )
        .join(
            ledger_entry,
            (entry.site_id == made.site_id)
            & (entry.item_id == made.item_id)
            & (entry.sequence == made.sequence),
        )
        .where(
            arrival.c.dispatch_id == stock_in_transit.c.document_id,
            line.dispatch_line_no == stock_in_transit.c.line_no,
            _stood(arrival, moment),
        )
        .lateral("arrived")
    )


def _stood(document: FromClause, moment: datetime) -> Any:
    """Tell of a document whether it was posted by a moment, and not reversed by then."""
    undo = stock_document.alias()
    undone = exists().where(
        undo.c.document_id == document.c.reversed_by, undo.c.posted_at <= moment
    )
    return and_(document.c.posted_at <= moment, or_(document.c.reversed_by.is_(None), ~undone))


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
