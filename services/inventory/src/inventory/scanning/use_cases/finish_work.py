"""Finish a work: what was scanned becomes a document, drafted or posted in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.catalog.domain import Units
from inventory.documents import store as documents
from inventory.documents.domain import (
    Actor,
    DocumentKind,
    DocumentStatus,
    Draft,
    DraftLine,
    StockDocument,
)
from inventory.documents.use_cases.audit_document import audit_document
from inventory.documents.use_cases.draft_document import draft_document
from inventory.documents.use_cases.post_document import post_document
from inventory.documents.use_cases.rewrite_document import rewrite_document
from inventory.scanning.domain.matching import arriving_lines, draft_lines, key_of, must_match
from inventory.scanning.domain.sessions import ScanSession
from inventory.scanning.domain.works import NothingScanned, NoWork, ScannedLine, Work, lines_of
from inventory.scanning.store import scans, sessions
from inventory.stock import store as books
from inventory.stock.domain import Batch
from inventory.stock.use_cases.name_batches import name_batches
from servicekit.clock import now

Numbered = list[tuple[int, ScannedLine]]
"""Which line of the document a scanned one counts in."""


@dataclass(frozen=True)
class Finish:
    """How far the document goes, and whether it follows what was scanned."""

    post: bool = False
    correct: bool = False
    """Let the lines of a loaded draft become what was scanned, instead of refusing differences."""


@dataclass(frozen=True)
class Gathered:
    """What was scanned for a work."""

    work: Work
    lines: Sequence[ScannedLine]
    units: Mapping[str, Units]
    scanned_at: datetime
    """When the last of it was scanned: that is when it happened, however late it is told."""


async def finish_work(
    session: AsyncSession, held: ScanSession, work_id: UUID | None, finish: Finish
) -> StockDocument:
    """Return the document of a locked session's work: of the one named, or of the last one."""
    held.must_be_open(now())
    wanted = work_id or held.work_id
    if wanted is None:
        raise NoWork
    work = await sessions.lock_work(session, held, wanted)
    work.must_go_on()
    gathered = await _gather(session, work)
    actor = Actor(held.user_id, held.device_id)
    document, numbered = await _document(session, held, gathered, actor, finish)
    if finish.post:
        if document.status is DocumentStatus.DRAFT:
            await audit_document(session, document, actor)
        await post_document(session, document, actor)
    await scans.number_scans(session, held.site_id, numbered)
    work.finish(document.document_id, now())
    if held.work_id == work.work_id:
        held.work_id = None
    return document


async def _gather(session: AsyncSession, work: Work) -> Gathered:
    counted = await scans.load_goods(session, work.site_id, [work.work_id])
    if not counted:
        raise NothingScanned(work_id=work.work_id)
    lines = lines_of([(one.scan_id, one.goods) for one in counted if one.goods])
    units = await catalog.load_units(session, {line.goods.item_id for line in lines})
    scanned_at = min(max(one.scanned_at for one in counted), now())
    return Gathered(work, lines, units, scanned_at)


async def _document(
    session: AsyncSession, held: ScanSession, gathered: Gathered, actor: Actor, finish: Finish
) -> tuple[StockDocument, Numbered]:
    loaded_id, kind = gathered.work.loaded_id, gathered.work.kind
    if loaded_id is None:
        if kind is DocumentKind.RECEIPT:
            await _name_batches(session, gathered)
        lines = draft_lines(gathered.lines)
        draft = _draft(held, gathered, lines)
        return await draft_document(session, draft, actor), list(enumerate(gathered.lines, start=1))
    if kind is DocumentKind.TRANSFER_ARRIVAL:
        return await _arrival(session, held, gathered, actor, loaded_id)
    return await _loaded(session, gathered, actor, loaded_id, finish)


async def _name_batches(session: AsyncSession, gathered: Gathered) -> None:
    """Keep what the labels of goods that come in say of their batches."""
    named = [line.goods for line in gathered.lines if line.goods.batch_id]
    items = await catalog.load_items(session, {goods.item_id for goods in named})
    batches = [
        Batch(goods.item_id, goods.batch_id, goods.manufactured_on, goods.expires_on)
        for goods in named
    ]
    await name_batches(session, batches, items)


async def _arrival(
    session: AsyncSession, held: ScanSession, gathered: Gathered, actor: Actor, dispatch_id: UUID
) -> tuple[StockDocument, Numbered]:
    sent = await books.lock_in_transit(session, held.site_id, dispatch_id)
    parts = arriving_lines(gathered.lines, sent.values(), gathered.units)
    draft = _draft(held, gathered, [part for _, part in parts], dispatch_id)
    numbered = [(line_no, line) for line_no, (line, _) in enumerate(parts, start=1)]
    return await draft_document(session, draft, actor), numbered


async def _loaded(
    session: AsyncSession, gathered: Gathered, actor: Actor, document_id: UUID, finish: Finish
) -> tuple[StockDocument, Numbered]:
    document = await documents.lock(session, document_id)
    if finish.correct:
        await rewrite_document(session, document, draft_lines(gathered.lines), actor)
        return document, list(enumerate(gathered.lines, start=1))
    must_match(gathered.lines, document, gathered.units)
    first = {(one.item_id, one.batch_id): one.line_no for one in reversed(document.lines)}
    return document, [(first[key_of(line)], line) for line in gathered.lines]


def _draft(
    held: ScanSession,
    gathered: Gathered,
    lines: Sequence[DraftLine],
    dispatch_id: UUID | None = None,
) -> Draft:
    work = gathered.work
    return Draft(
        kind=work.kind,
        lines=lines,
        site_id=held.site_id,
        warehouse_id=held.warehouse_id,
        effective_at=gathered.scanned_at,
        source_document=work.source_document or f"scan session {held.session_id}",
        reason=work.reason,
        to_site_id=work.to_site_id,
        to_warehouse_id=work.to_warehouse_id,
        dispatch_id=dispatch_id,
    )
