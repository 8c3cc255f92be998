"""Approve a sheet: its gain and loss documents are posted, all or none, and it is closed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import CountDifference, StockCountClosed
from inventory.counting import store
from inventory.counting.domain.counts import Finding
from inventory.counting.domain.line import CountLine
from inventory.counting.domain.refusals import DocumentRewritten
from inventory.counting.domain.sheet import CountSheet
from inventory.counting.use_cases.explain_losses import explain_losses
from inventory.counting.use_cases.settle_differences import lock_documents
from inventory.documents.domain import Actor, DocumentStatus, StockDocument
from inventory.documents.domain.steps import DONE
from inventory.documents.use_cases.audit_document import audit_document
from inventory.documents.use_cases.post_document import post_document
from inventory.stock import store as books
from servicekit import outbox
from servicekit.clock import now

Papers = Mapping[UUID, StockDocument]


async def approve_sheet(session: AsyncSession, sheet: CountSheet, approver: Actor) -> CountSheet:
    """Return the locked sheet, closed. Somebody may have posted its documents one by one."""
    at = now()
    lines = await store.load_lines(session, sheet)
    sheet.close(lines, approver.user_id, at)
    papers = await lock_documents(session, lines.values())
    _must_say_what_was_found(sheet, lines.values(), papers)
    waiting = [paper for paper in papers.values() if paper.status not in DONE]
    await _open_books(session, sheet, lines.values(), waiting)
    for paper in waiting:
        if paper.status is not DocumentStatus.AUDITED:
            await audit_document(session, paper, approver)
        await post_document(session, paper, approver)
    await store.release_lines(session, sheet, at)
    await outbox.add(session, [_fact(sheet, lines.values(), papers, at)])
    return sheet


def _must_say_what_was_found(
    sheet: CountSheet, lines: Collection[CountLine], papers: Papers
) -> None:
    """Somebody may have written the lines of a draft anew."""
    said = {
        (paper.document_id, line.line_no): (paper.place_of(line), line.quantity, set(line.serials))
        for paper in papers.values()
        for line in paper.lines
    }
    found = {
        (one.document_id, one.line_no): (line.place, part.quantity, set(part.serials))
        for line in lines
        for one, part in line.settled_by
    }
    for key in sorted(said.keys() | found.keys()):
        if said.get(key) != found.get(key):
            raise DocumentRewritten(number=sheet.number, document=papers[key[0]].number)


async def _open_books(
    session: AsyncSession,
    sheet: CountSheet,
    lines: Collection[CountLine],
    waiting: Sequence[StockDocument],
) -> None:
    """Lock all that the documents will move, in one order; raise if something can't go."""
    moving = [(paper.place_of(line), line) for paper in waiting for line in paper.lines]
    if not moving:
        return
    opened = await books.open_books(session, {place for place, _ in moving})
    units = {(line.item_id, serial) for _, line in moving for serial in line.serials}
    await books.lock_serials(session, units)
    ids = {paper.document_id for paper in waiting}
    losses = [
        (line, line.result.loss)
        for line in lines
        if line.result is not None and line.loss is not None and line.loss.document_id in ids
    ]
    if short := [
        (line, loss) for line, loss in losses if loss > opened.balances[line.place].available
    ]:
        raise await explain_losses(session, sheet, short, opened.balances)


def _fact(
    sheet: CountSheet, lines: Collection[CountLine], papers: Papers, at: datetime
) -> StockCountClosed:
    found = [(line, line.result) for line in lines if line.result is not None]
    off = [(line, result) for line, result in found if result.off]
    return StockCountClosed(
        sheet_id=sheet.sheet_id,
        number=sheet.number,
        site_id=sheet.site_id,
        warehouse_id=sheet.warehouse_id,
        opened_at=sheet.opened_at,
        closed_at=at,
        counted=len(found),
        exact=len(found) - len(off),
        left_alone=len(lines) - len(found),
        differences=tuple(_difference(line, result, papers) for line, result in off),
    )


def _difference(line: CountLine, found: Finding, papers: Papers) -> CountDifference:
    return CountDifference(
        line_no=line.line_no,
        warehouse_id=line.place.warehouse_id,
        item_id=line.place.item_id,
        batch_id=line.place.batch_id,
        counted_at=found.counted_at,
        expected=found.expected,
        counted=found.counted,
        gain=found.gain,
        loss=found.loss,
        gain_document=papers[line.gain.document_id].number if line.gain else None,
        loss_document=papers[line.loss.document_id].number if line.loss else None,
    )
