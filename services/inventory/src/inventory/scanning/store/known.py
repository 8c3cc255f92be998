"""Looks up what codes may stand for: items, units with a number of their own, documents, doors."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import Item, Warehouse
from inventory.catalog.tables import item, warehouse
from inventory.documents.domain import StockDocument, UnknownDocument, document_in
from inventory.documents.tables import stock_document
from inventory.scanning.domain.desk import Paper, Place
from inventory.scanning.domain.understanding import Unit
from inventory.stock.domain import ON_HAND, SerialUnit
from inventory.stock.tables import serial_unit

Key = tuple[str, str]
"""Item and serial number."""
Finder = Callable[[AsyncSession, Collection[str]], Awaitable[Mapping[str, Paper]]]
FINDERS: list[Finder] = []
"""Find papers of areas that scanning does not know, by their codes; the wiring adds them."""


async def find_items(session: AsyncSession, names: Collection[str]) -> list[Item]:
    """Return the items that are called so, or whose GTIN is written so."""
    wanted = select(Item).where(or_(item.c.item_id.in_(names), item.c.gtin.in_(names)))
    return list(await session.scalars(wanted)) if names else []


async def find_units(session: AsyncSession, codes: Collection[str]) -> dict[str, Unit]:
    """Return units by number or trace code, those that stand for one unit only."""
    table = serial_unit.c
    wanted = select(SerialUnit).where(or_(table.trace_code.in_(codes), table.serial_no.in_(codes)))
    found = (await session.scalars(wanted)).all() if codes else []
    units: dict[str, set[Unit]] = {}
    for one in found:
        for code in (one.serial_no, one.trace_code or ""):
            units.setdefault(code, set()).add(Unit(one.item_id, one.serial_no, one.batch_id))
    return {code: of.pop() for code, of in units.items() if code in codes and len(of) == 1}


async def places_of(
    session: AsyncSession, item_ids: Collection[str], serials: Collection[str]
) -> dict[Key, Place]:
    """Return where those units are that are on hand somewhere."""
    table = serial_unit.c
    wanted = select(SerialUnit).where(table.item_id.in_(item_ids), table.serial_no.in_(serials))
    found = (await session.scalars(wanted)).all() if serials else []
    return {one.key: (one.site_id, one.warehouse_id) for one in found if one.state in ON_HAND}


async def find_doors(
    session: AsyncSession, site_id: str, codes: Collection[str]
) -> dict[str, Place]:
    """Return the site's warehouses whose entry codes these are."""
    wanted = select(Warehouse).where(
        warehouse.c.site_id == site_id, warehouse.c.entry_code.in_(codes)
    )
    found = await session.scalars(wanted)
    return {one.entry_code: (one.site_id, one.warehouse_id) for one in found}


async def find_papers(session: AsyncSession, codes: Collection[str]) -> dict[str, Paper]:
    """Return papers by their codes; a number is a code too."""
    if not codes:
        return {}
    ids = {code: of for code in codes if (of := _document_of(code))}
    table = stock_document.c
    wanted = select(StockDocument).where(
        or_(table.document_id.in_(set(ids.values())), table.number.in_(codes))
    )
    papers = {one.document_id: paper_of(one) for one in await session.scalars(wanted)}
    by_code = {paper.number: paper for paper in papers.values()}
    by_code |= {code: papers[of] for code, of in ids.items() if of in papers}
    for find in FINDERS:
        by_code |= await find(session, codes)
    return by_code


def _document_of(code: str) -> UUID | None:
    try:
        return document_in(code)
    except UnknownDocument:
        return None


async def load_papers(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Paper]:
    """Return documents by id."""
    wanted = select(StockDocument).where(stock_document.c.document_id.in_(ids))
    found = (await session.scalars(wanted)).all() if ids else []
    return {one.document_id: paper_of(one) for one in found}


def paper_of(document: StockDocument) -> Paper:
    """Return what scanning needs to know of a document."""
    to_site_id, to_warehouse_id = document.to_site_id, document.to_warehouse_id
    return Paper(
        document_id=document.document_id,
        number=document.number,
        kind=document.kind,
        status=document.status,
        origin=(document.site_id, document.warehouse_id),
        destination=(to_site_id, to_warehouse_id) if to_site_id and to_warehouse_id else None,
        lines=document.lines,
        path=f"/documents/{document.document_id}",
    )
