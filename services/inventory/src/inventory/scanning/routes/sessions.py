"""Scan sessions over HTTP."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Response
from pydantic import Field

from contracts.wire import Code, Moment, Name, Total
from inventory.documents.domain import DocumentKind
from inventory.documents.routes.views import DocumentView, shown
from inventory.scanning import queries as lists
from inventory.scanning.domain.scans import Scan
from inventory.scanning.domain.sessions import End, ScanSession
from inventory.scanning.domain.works import Work, lines_of
from inventory.scanning.routes.doors import ScannedCode
from inventory.scanning.routes.entering import (
    Body,
    DeviceId,
    Entered,
    Reader,
    Scanner,
    View,
)
from inventory.scanning.store import scans, sessions
from inventory.scanning.use_cases.begin_work import Purpose, begin_work
from inventory.scanning.use_cases.close_session import close_session
from inventory.scanning.use_cases.finish_work import Finish, finish_work
from inventory.scanning.use_cases.open_session import Door, open_session
from inventory.scanning.use_cases.take_over import take_over
from inventory.settings import ARRANGING, AUDITING, settings_of
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import CurrentContext, Session, command_router, query_router

session_commands = command_router("scanning")
session_queries = query_router("scanning")


class SessionBody(Body):
    """A session to open: the warehouse is chosen, or its entry code scanned; nothing defaults."""

    site_id: Code
    warehouse_id: Code | None = None
    entry_code: ScannedCode | None = None


class WorkBody(Body):
    """What the goods scanned from now on are for."""

    kind: Literal["receipt", "issue", "scrap", "transfer_dispatch"]
    to_site_id: Code | None = None
    to_warehouse_id: Code | None = None
    source_document: Name | None = None
    reason: Name | None = None


class TakeOverBody(Body):
    """The ended session whose unfinished works go on here."""

    session_id: UUID


class FinishBody(Body):
    """How a work becomes a document; without an id it is the last one worked on."""

    work_id: UUID | None = None
    post: Annotated[bool, Field(strict=True)] = False
    """Audit and post the document at once, which takes the role for that."""
    correct: Annotated[bool, Field(strict=True)] = False
    """Let the lines of a draft that was loaded become what was scanned, where the two differ."""


class GatheredLine(View):
    """Goods scanned for a work, in the unit they were scanned in."""

    item_id: str
    batch_id: str
    unit: str
    quantity: Total
    serials: list[str]
    scans: int


class WorkView(View):
    """What scans are gathered for. `loaded_id` is the document it began with, if any."""

    work_id: UUID
    kind: DocumentKind
    begun_at: Moment
    loaded_id: UUID | None
    to_site_id: str | None
    to_warehouse_id: str | None
    source_document: str | None
    reason: str | None
    finished_at: Moment | None
    document_id: UUID | None
    lines: Annotated[list[GatheredLine], Field(default_factory=list)]


class SessionHead(View):
    """A session without its works."""

    session_id: UUID
    site_id: str
    warehouse_id: str
    user_id: str
    device_id: str
    opened_at: Moment
    expires_at: Moment
    scans: int
    work_id: UUID | None
    ended_at: Moment | None
    end: End | None


class SessionView(SessionHead):
    """A session with the works it holds."""

    works: list[WorkView]


@session_commands.post("/scan-sessions", status_code=201)
async def post_session(
    body: SessionBody,
    session: Session,
    caller: Scanner,
    device_id: DeviceId,
    context: CurrentContext,
) -> SessionView:
    """Open a session; those that the caller or the device had before end."""
    caller.must_cover(body.site_id)
    door = Door(body.site_id, body.warehouse_id, body.entry_code)
    lifetime = timedelta(hours=settings_of(context).scan_session_hours)
    opened = await open_session(session, door, caller.subject, device_id, lifetime)
    return await _shown(session, opened)


@session_queries.get("/scan-sessions")
async def get_sessions(
    session: Session, paging: CurrentPaging, caller: Reader, user_id: Name | None = None
) -> Page[SessionHead]:
    """List the caller's sessions, the newest first; those of others take a role for it."""
    if user_id not in (None, caller.subject):
        caller.must_have_role(ARRANGING)
    rows = await lists.sessions_before(
        session,
        user_id or caller.subject,
        caller.covered(),
        paging.after_id(),
        paging.limit + 1,
    )
    return paging.page([_head(row) for row in rows], lambda one: [one.session_id])


@session_queries.get("/scan-sessions/current")
async def get_current_session(session: Session, caller: Scanner) -> SessionView:
    """Return the session that the caller has open."""
    current = await sessions.load_current(session, caller.subject, now())
    caller.must_cover(current.site_id)
    return await _shown(session, current)


@session_queries.get("/scan-sessions/{session_id}")
async def get_session(session_id: UUID, session: Session, caller: Reader) -> SessionView:
    """Return a session with its works and what was gathered for them."""
    found = await sessions.load_session(session, session_id)
    caller.must_cover(found.site_id)
    return await _shown(session, found)


@session_commands.post("/scan-sessions/{session_id}/close")
async def post_closing(session: Session, held: Entered) -> SessionView:
    """End a session; what was scanned and not finished can be taken over."""
    return await _shown(session, await close_session(session, held))


@session_commands.post("/scan-sessions/{session_id}/works", status_code=201)
async def post_work(body: WorkBody, session: Session, held: Entered) -> WorkView:
    """Begin a new document: goods scanned from now on are for it."""
    fields = body.model_dump(exclude={"kind"})
    purpose = Purpose(kind=DocumentKind(body.kind), **fields)
    return WorkView.model_validate(await begin_work(session, held, purpose))


@session_commands.post("/scan-sessions/{session_id}/take-over")
async def post_take_over(
    session_id: UUID, body: TakeOverBody, session: Session, caller: Scanner, device_id: DeviceId
) -> SessionView:
    """Go on with what an ended session of the same warehouse left unfinished."""
    held = await take_over(session, session_id, body.session_id, caller.subject, device_id)
    caller.must_cover(held.site_id)
    return await _shown(session, held)


@session_commands.post("/scan-sessions/{session_id}/finish", status_code=201)
async def post_finish(
    body: FinishBody, response: Response, session: Session, caller: Scanner, held: Entered
) -> DocumentView:
    """Make a document of what was scanned: a draft, or posted in the same go."""
    if body.post:
        caller.must_have_role(AUDITING)
    finish = Finish(post=body.post, correct=body.correct)
    return shown(await finish_work(session, held, body.work_id, finish), response)


def _head(held: ScanSession) -> SessionHead:
    head = SessionHead.model_validate(held)
    over_since = held.over_since(now())
    if over_since is not None and held.ended_at is None:
        return head.model_copy(update={"ended_at": over_since, "end": End.EXPIRED})
    return head


async def _shown(session: Session, held: ScanSession) -> SessionView:
    works = await sessions.load_works(session, held)
    unfinished = [work.work_id for work in works if work.finished_at is None]
    counted = await scans.load_goods(session, held.site_id, unfinished)
    views = [_work(work, [one for one in counted if one.work_id == work.work_id]) for work in works]
    return SessionView(**_head(held).model_dump(), works=views)


def _work(work: Work, counted: Sequence[Scan]) -> WorkView:
    lines = lines_of([(one.scan_id, one.goods) for one in counted if one.goods])
    gathered = [
        GatheredLine(
            item_id=line.goods.item_id,
            batch_id=line.goods.batch_id,
            unit=line.goods.unit,
            quantity=line.quantity,
            serials=line.serials,
            scans=len(line.scan_ids),
        )
        for line in lines
    ]
    return WorkView.model_validate(work).model_copy(update={"lines": gathered})
