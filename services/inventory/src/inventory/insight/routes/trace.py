"""Traces over HTTP: where goods came from, and where they went."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.wire import Code, Moment
from inventory.insight.domain.trace import (
    Direction,
    Position,
    Stretch,
    TraceUnclear,
    UnknownDocument,
    stretches_of,
)
from inventory.insight.queries import trace
from inventory.insight.queries.trace import Mark, Reading, Rows
from inventory.settings import READING
from inventory.stock.routes.balances import DatedPage, EntryView
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Paging, whole_number
from servicekit.http.routing import Session, allow, query_router

queries = query_router("insight")

Reader = Annotated[Caller, Depends(allow(*READING))]


class TraceQuery(BaseModel):
    """What is to be traced, and which way."""

    document_id: UUID | None = None
    item_id: Code | None = None
    batch_id: Code | None = None
    serial_no: Annotated[str | None, Query(max_length=64, pattern=r"^[\x21-\x7e]+$")] = None
    site_id: Code | None = None
    warehouse_id: Code | None = None
    direction: Direction = Direction.FORWARD

    def must_be_clear(self) -> None:
        """Raise `TraceUnclear` unless it is said, once, what is to be traced."""
        marks = (self.batch_id, self.serial_no)
        named = (self.document_id, self.warehouse_id, self.item_id)
        if (
            sum(one is not None for one in named) != 1
            or (self.warehouse_id is not None and self.site_id is None)
            or (self.item_id is None and any(one is not None for one in marks))
        ):
            raise TraceUnclear


class TracedDocument(BaseModel):
    """A document behind entries of a trace: whoever had a part in it, and what it belongs to.

    A receipt is opened at purchasing and a shipment at sales, all others here.
    """

    model_config = ConfigDict(from_attributes=True)

    document_id: UUID
    number: str
    kind: str
    status: str | None = None
    drafted_at: Moment | None = None
    drafted_by: str | None = None
    drafted_with: str | None = None
    audited_at: Moment | None = None
    audited_by: str | None = None
    approved_at: Moment | None = None
    approved_by: str | None = None
    posted_at: Moment | None = None
    posted_by: str | None = None
    posted_with: str | None = None
    source_document: str | None = None
    reason: str | None = None
    reverses: UUID | None = None
    reversed_by: UUID | None = None
    dispatch_id: UUID | None = None
    arrivals: list[UUID] = []
    order_id: UUID | None = None
    reservation_id: UUID | None = None


class TracePage(DatedPage[EntryView]):
    """Entries of a trace, stream by stream, and the documents behind them.

    Not `complete` means that goods which are not told apart may have reached more places than a
    trace follows. `elsewhere` counts the sites that the caller may not see.
    """

    documents: list[TracedDocument]
    complete: bool = True
    elsewhere: int = 0


@queries.get("/trace")
async def get_trace(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    wanted: Annotated[TraceQuery, Depends()],
) -> TracePage:
    """Trace an item, a batch, a serial number, a document or a warehouse through the ledger.

    Forward, each stream is told from its oldest entry on; backward, from its newest. A document
    is followed through every transfer, to where its goods may have gone or have come from.
    """
    wanted.must_be_clear()
    if wanted.site_id is not None:
        caller.must_cover(wanted.site_id)
    as_of = now()
    reading = Reading(wanted.direction, caller.covered(), _position(paging), paging.limit + 1)
    complete, elsewhere = True, 0
    if wanted.document_id is not None:
        parts, complete = await _reached(session, wanted.document_id, wanted.direction)
        seen = [part for part in parts if _covers(caller, part)]
        elsewhere = len({part.stream[0] for part in parts} - {part.stream[0] for part in seen})
        rows = await trace.follow(session, seen, reading)
    else:
        rows = await _entries(session, wanted, reading)
    page = paging.page([EntryView.model_validate(row) for row in rows], _place)
    return TracePage(
        items=page.items,
        next_cursor=page.next_cursor,
        as_of=as_of,
        documents=await _documents(session, page.items),
        complete=complete,
        elsewhere=elsewhere,
    )


async def _reached(
    session: AsyncSession, document_id: UUID, direction: Direction
) -> tuple[list[Stretch], bool]:
    """Return what a document's goods may have passed through, and whether that is all."""
    touched, posted_at = await trace.touches(session, document_id)
    if posted_at is None:
        raise UnknownDocument(document_id=document_id)
    items = {one.point.place.item_id for one in touched}
    transfers = await trace.transfers(session, items, direction, posted_at)
    parts, complete = stretches_of(touched, transfers, direction)
    return parts, complete and len(transfers) < trace.TRANSFERS_MAX


async def _entries(session: AsyncSession, wanted: TraceQuery, reading: Reading) -> Rows:
    site_id, item_id = wanted.site_id, wanted.item_id
    if item_id is None:
        places = trace.streams_of_warehouse(
            session, site_id or "", wanted.warehouse_id or "", reading
        )
        return await trace.follow(session, await places, reading)
    if wanted.batch_id is None and wanted.serial_no is None:
        streams = await trace.streams_of_item(session, item_id, site_id, reading)
        return await trace.follow(session, streams, reading)
    mark = Mark(item_id, wanted.batch_id, wanted.serial_no, site_id)
    return await trace.marked(session, mark, reading)


async def _documents(session: AsyncSession, entries: list[EntryView]) -> list[TracedDocument]:
    """Return the documents behind entries; one of another service is told by its entry alone."""
    told = {
        one.document_id: TracedDocument(
            document_id=one.document_id,
            number=one.document_number,
            kind=one.kind,
            posted_at=one.posted_at,
            posted_by=one.user_id,
            posted_with=one.device_id,
        )
        for one in entries
    }
    for row in await trace.documents(session, told):
        told[row.document_id] = TracedDocument.model_validate(row)
    for row in await trace.orders(session, told):
        told[row.shipment_id].order_id = row.order_id
        told[row.shipment_id].reservation_id = row.reservation_id
    return list(told.values())


def _covers(caller: Caller, part: Stretch) -> bool:
    covered = caller.covered()
    return covered is None or part.stream[0] in covered


def _place(one: EntryView) -> list[object]:
    return [one.site_id, one.item_id, one.sequence]


def _position(paging: Paging) -> Position | None:
    parts = paging.after(3)
    return None if parts is None else ((parts[0], parts[1]), whole_number(parts[2]))
