"""HTTP: clocks that run, and how well the times of receipts are kept."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, TypeAdapter

from contracts.wire import Code, Moment
from purchasing.clocks import queries
from purchasing.clocks.domain import TARGETS, ClockKind
from purchasing.clocks.queries import ClockFilter, GroupedBy
from purchasing.reference.routes import Reader
from servicekit.clock import now
from servicekit.errors import Kind, Refusal
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, query_router

router = query_router("clocks")

STARTED = TypeAdapter(tuple[Moment, UUID])

MONTH = timedelta(days=31)
LONGEST = timedelta(days=400)


class BadSpan(Refusal):
    """The span of time is none, or too long."""

    kind = Kind.INVALID
    code = "bad_span"
    en = "Ask for a span that ends after it began and is no longer than {days} days."
    zh = "查询时间段的结束时间必须晚于开始时间，且不超过 {days} 天。"


class RunningClock(BaseModel):
    """A document that waits; `late` once its time is over."""

    kind: ClockKind
    document_kind: str
    """`receipt`, or `receipt_opening`: a scan that nothing has come of yet."""
    document_id: UUID
    number: str
    site_id: str
    supplier_id: str
    clerk: str
    started_at: Moment
    waits_seconds: int
    target_seconds: int
    late: bool
    level: int | None
    """How far it escalated; null if it did not."""
    warning_id: UUID | None


class ClockFigure(BaseModel):
    """How long it took for one site, clerk or supplier, in seconds.

    Median and 95th percentile are of the clocks that stand. A clock that still runs counts as
    missed in the share once it is late, and not at all before; `late` counts both.
    """

    name: str
    stopped: int
    running: int
    late: int
    median_seconds: Decimal | None
    p95_seconds: Decimal | None
    share_within_target: Decimal | None


class ClockFigures(Page[ClockFigure]):
    """The figures of clocks that were started in a span of time, as of a moment."""

    kind: ClockKind
    by: GroupedBy
    target_seconds: int
    since: Moment
    until: Moment
    as_of: Moment


def clock_filter(
    caller: Reader,
    kind: ClockKind,
    since: Moment | None = None,
    until: Moment | None = None,
    site_id: Code | None = None,
) -> ClockFilter:
    """Return which clocks the caller asks for and may see: of the last 31 days if not told."""
    end = until or now()
    start = since or end - MONTH
    if not timedelta(0) < end - start <= LONGEST:
        raise BadSpan(days=LONGEST.days)
    sites = caller.covered()
    if site_id is not None:
        caller.must_cover(site_id)
        sites = frozenset([site_id])
    return ClockFilter(kind=kind, since=start, until=end, sites=sites)


Wanted = Annotated[ClockFilter, Depends(clock_filter)]


@router.get("/clocks/figures")
async def read_figures(
    session: Session, paging: CurrentPaging, wanted: Wanted, by: GroupedBy = "site"
) -> ClockFigures:
    """Say per site, clerk or supplier how long receipts waited, and how often in time."""
    at, after = now(), paging.after(1)
    name = None if after is None else after[0]
    rows = await queries.figures_after(session, wanted, by, name, at, paging.limit + 1)
    page = paging.page([ClockFigure(**row) for row in rows], lambda one: [one.name])
    return ClockFigures(
        **page.model_dump(),
        kind=wanted.kind,
        by=by,
        target_seconds=int(TARGETS[wanted.kind].total_seconds()),
        since=wanted.since,
        until=wanted.until,
        as_of=at,
    )


@router.get("/clocks")
async def list_running(
    session: Session, paging: CurrentPaging, wanted: Wanted
) -> Page[RunningClock]:
    """List the clocks that run, the oldest first."""
    rows = await queries.running_after(session, wanted, paging.after_as(STARTED), paging.limit + 1)
    at = now()
    items = [
        RunningClock(
            **row,
            waits_seconds=int((at - row["started_at"]).total_seconds()),
            target_seconds=int(row["target"].total_seconds()),
            late=at > row["started_at"] + row["target"],
        )
        for row in rows
    ]
    return paging.page(items, lambda one: [one.started_at.isoformat(), one.document_id])
