"""The read side of scanning."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, RowMapping, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.devices.tables import device
from inventory.scanning.domain.refusals import WrongWarehouse
from inventory.scanning.domain.sessions import ScanSession
from inventory.scanning.tables import (
    item_barcode,
    scan,
    scan_session,
    scan_work,
    warehouse_worker,
)

Rows = Sequence[Row[Any]]
Mappings = Sequence[RowMapping]


async def devices(session: AsyncSession, site_id: str, after: str, limit: int) -> Rows:
    """List a site's devices by id."""
    table = device.c
    wanted = (
        select(device)
        .where(table.site_id == site_id, table.device_id > after)
        .order_by(table.device_id)
        .limit(limit)
    )
    return (await session.execute(wanted)).all()


async def workers(session: AsyncSession, site_id: str, after: Sequence[str], limit: int) -> Rows:
    """List who works in which of a site's warehouses, by user and warehouse."""
    table = warehouse_worker.c
    key = (table.user_id, table.warehouse_id)
    wanted = (
        select(warehouse_worker)
        .where(table.site_id == site_id, tuple_(*key) > tuple_(*after))
        .order_by(*key)
        .limit(limit)
    )
    return (await session.execute(wanted)).all()


async def workplaces(session: AsyncSession, user_id: str, covered: Collection[str] | None) -> Rows:
    """List the warehouses in which a user works."""
    table = warehouse_worker.c
    wanted = (
        select(warehouse_worker)
        .where(table.user_id == user_id)
        .order_by(table.site_id, table.warehouse_id)
        .limit(WORKPLACES_MAX)
    )
    if covered is not None:
        wanted = wanted.where(table.site_id.in_(covered))
    return (await session.execute(wanted)).all()


async def barcodes(session: AsyncSession, item_id: str | None, after: str, limit: int) -> Rows:
    """List codes that were given to items, or to one item."""
    table = item_barcode.c
    wanted = select(item_barcode).where(table.code > after).order_by(table.code).limit(limit)
    if item_id is not None:
        wanted = wanted.where(table.item_id == item_id)
    return (await session.execute(wanted)).all()


async def sessions_before(
    session: AsyncSession,
    user_id: str,
    covered: Collection[str] | None,
    before: UUID | None,
    limit: int,
) -> Sequence[ScanSession]:
    """List a user's sessions, the newest first."""
    table = scan_session.c
    wanted = (
        select(ScanSession)
        .where(table.user_id == user_id)
        .order_by(table.session_id.desc())
        .limit(limit)
    )
    if covered is not None:
        wanted = wanted.where(table.site_id.in_(covered))
    if before is not None:
        wanted = wanted.where(table.session_id < before)
    return (await session.scalars(wanted)).all()


async def scans(
    session: AsyncSession, held: ScanSession, after_sequence: int, limit: int
) -> Mappings:
    """List what was scanned in a session, in the order in which it arrived."""
    wanted = (
        _with_document()
        .where(
            scan.c.site_id == held.site_id,
            scan.c.session_id == held.session_id,
            scan.c.sequence > after_sequence,
        )
        .order_by(scan.c.sequence)
        .limit(limit)
    )
    return await _found(session, wanted)


async def scans_of_document(
    session: AsyncSession,
    document_id: UUID,
    covered: Collection[str] | None,
    after: UUID | None,
    limit: int,
) -> Mappings:
    """List the scans, weights and all, that a document was made of."""
    wanted = (
        _with_document()
        .where(
            scan_work.c.document_id == document_id,
            scan.c.item_id.is_not(None),
            scan.c.withdrawn_at.is_(None),
        )
        .order_by(scan.c.scan_id)
        .limit(limit)
    )
    if covered is not None:
        wanted = wanted.where(scan_work.c.site_id.in_(covered))
    if after is not None:
        wanted = wanted.where(scan.c.scan_id > after)
    return await _found(session, wanted)


async def wrong_warehouse_scans(
    session: AsyncSession,
    site_id: str,
    after: UUID | None = None,
    limit: int = 100,
    *,
    settled: bool | None = False,
) -> Mappings:
    """List scans of what belongs to another warehouse than their session, by id.

    By default those that nobody has settled: each is a step that may explain a difference.
    """
    wanted = (
        select(
            scan,
            scan_session.c.warehouse_id,
            scan_session.c.user_id,
            scan_session.c.device_id,
            # Of a unit there is no document; that was once written down as a word.
            func.nullif(scan.c.facts["document_id"].astext, "None").label("document_id"),
            scan.c.facts["document_site_id"].astext.label("document_site_id"),
            scan.c.facts["document_warehouse_id"].astext.label("document_warehouse_id"),
        )
        .join(scan_session, _of_session())
        .where(scan.c.site_id == site_id, scan.c.refusal == WrongWarehouse.code)
        .order_by(scan.c.scan_id)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(scan.c.scan_id > after)
    if settled is not None:
        wanted = wanted.where(scan.c.settled_at.is_not(None) == settled)
    return await _found(session, wanted)


async def _found(session: AsyncSession, wanted: Select[Any]) -> Mappings:
    found: Mappings = (await session.execute(wanted)).mappings().all()
    return found


def _with_document() -> Select[Any]:
    same = (scan_work.c.site_id == scan.c.site_id) & (scan_work.c.work_id == scan.c.work_id)
    return select(scan, scan_work.c.document_id).outerjoin(scan_work, same)


def _of_session() -> ColumnElement[bool]:
    same_site = scan_session.c.site_id == scan.c.site_id
    return same_site & (scan_session.c.session_id == scan.c.session_id)


WORKPLACES_MAX = 1000
"""More warehouses than any user works in."""
