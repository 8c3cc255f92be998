"""Count sheets as callers see them: who counts blind sees nothing of the books."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.wire import Moment, Total
from inventory.counting import queries
from inventory.counting.domain.line import CountLine, LineState, Outcome
from inventory.counting.domain.sheet import CountSheet, SheetStatus
from inventory.counting.use_cases.record_counts import Recorded
from inventory.settings import AUDITING
from servicekit.auth import Caller


class View(BaseModel):
    """What is answered, read from a row or an object."""

    model_config = ConfigDict(from_attributes=True)


class SheetHead(View):
    """A sheet without its lines; `version` counts its steps and is its ETag."""

    sheet_id: UUID
    number: str
    status: SheetStatus
    version: int
    site_id: str
    warehouse_id: str | None
    category: str | None
    abc_class: str | None
    blind: bool
    tolerance_quantity: Total
    tolerance_percent: Total
    lines: int
    opened_at: Moment
    opened_by: str
    audited_at: Moment | None
    audited_by: str | None
    closed_at: Moment | None
    closed_by: str | None
    cancelled_at: Moment | None
    cancelled_by: str | None


class SheetView(SheetHead):
    """A sheet; `lines_counted` of its lines have a count in their present round."""

    lines_counted: int


class LineView(View):
    """A line: what was counted, and what the books held at `counted_at`.

    `book_quantity` is what they held when the sheet was opened (nothing for goods that were added);
    `difference` is counted less expected. While a blind sheet is counted, its counters see
    neither.
    """

    line_no: int
    warehouse_id: str
    item_id: str
    batch_id: str
    by_serial: bool
    added: bool
    state: LineState
    round_no: int
    counted_at: Moment | None
    counted: Total | None
    uncertain: bool
    book_quantity: Total | None
    expected: Total | None
    difference: Total | None
    gain: Total | None
    loss: Total | None
    found: list[str]
    missing: list[str]
    gain_document: str | None
    loss_document: str | None


class CountView(View):
    """A count as it was told: `quantity` is in base units, `unit_quantity` in `unit`."""

    count_id: UUID
    line_no: int
    round_no: int
    quantity: Total
    unit: str
    unit_quantity: Total
    unit_version: int
    serials: list[str]
    spot: str
    counted_at: Moment
    counted_by: str
    device_id: str | None
    received_at: Moment
    scale_id: str | None
    gross: Total | None
    tare: Total | None
    net: Total | None
    weight_unit: str | None
    weighed_at: Moment | None


class RecordedView(BaseModel):
    """What became of a count; a refused one says why in the caller's language."""

    count_id: UUID
    outcome: Outcome | None
    line_no: int | None
    added: bool
    code: str | None
    detail: str | None


class RecountView(SheetView):
    """A sheet, and the lines of it that are counted once more."""

    recounted: list[int]


async def shown(session: AsyncSession, sheet: CountSheet, response: Response) -> SheetView:
    """Return a sheet as callers see it, and set its ETag."""
    response.headers["ETag"] = f'"{sheet.version}"'
    head = SheetHead.model_validate(sheet).model_dump()
    return SheetView(**head, lines_counted=await queries.lines_counted(session, sheet))


async def blind_one(session: AsyncSession, sheet: CountSheet, caller: Caller) -> str | None:
    """Return the caller, if books and counts of others are hidden from them.

    They are from all but those who may yet audit the sheet.
    """
    if not sheet.blind or sheet.status is not SheetStatus.COUNTING:
        return None
    may_audit = not caller.roles.isdisjoint(AUDITING)
    if may_audit and not await queries.has_counted(session, sheet, caller.subject):
        return None
    return caller.subject


async def lines_shown(
    session: AsyncSession, sheet: CountSheet, lines: Iterable[CountLine], blind: str | None
) -> list[LineView]:
    """Return lines as a caller sees them."""
    given = list(lines)
    named = {one.document_id for line in given for one in (line.gain, line.loss) if one}
    numbers = await queries.document_numbers(session, named)
    return [_line(sheet, line, numbers, blind) for line in given]


def _line(
    sheet: CountSheet, line: CountLine, numbers: Mapping[UUID, str], blind: str | None
) -> LineView:
    running = sheet.status is SheetStatus.COUNTING
    finding = line.finding() if running else line.result
    books: dict[str, Any] = dict.fromkeys(("expected", "difference", "gain", "loss"))
    if finding is not None and blind is None:
        difference = finding.counted - finding.expected
        books = {name: getattr(finding, name) for name in ("expected", "gain", "loss")}
        books["difference"] = difference
    withheld = blind is not None and line.is_counted_by_others(blind)
    return LineView(
        line_no=line.line_no,
        warehouse_id=line.place.warehouse_id,
        item_id=line.place.item_id,
        batch_id=line.place.batch_id,
        by_serial=line.by_serial,
        added=line.added,
        state=line.state(sheet.tolerance),
        round_no=line.round_no,
        counted_at=finding and finding.counted_at,
        counted=None if finding is None or withheld else finding.counted,
        uncertain=finding is not None and finding.uncertain,
        book_quantity=line.opening.quantity if blind is None else None,
        found=list(finding.found) if finding and blind is None else [],
        missing=list(finding.missing) if finding and blind is None else [],
        gain_document=numbers.get(line.gain.document_id) if line.gain else None,
        loss_document=numbers.get(line.loss.document_id) if line.loss else None,
        **books,
    )


def recorded(one: Recorded, language: str) -> RecordedView:
    """Return what became of a count, in the caller's language."""
    return RecordedView(
        count_id=one.told.count_id,
        outcome=one.outcome,
        line_no=None if one.line is None else one.line.line_no,
        added=one.line is not None and one.line.added,
        code=one.refusal and one.refusal.code,
        detail=one.refusal and one.refusal.text(language),
    )
