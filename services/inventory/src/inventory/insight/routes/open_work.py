"""Documents that nobody has finished, over HTTP: they are collected by themselves."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, TypeAdapter

from contracts.wire import Code, Moment, Name
from inventory.insight.domain.open_work import Sort, Waits
from inventory.insight.queries import open_work
from inventory.insight.queries.open_work import OpenFilter
from inventory.settings import READING
from inventory.stock.routes.balances import DatedPage, dated
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging
from servicekit.http.routing import Session, allow, query_router

queries = query_router("insight")

Reader = Annotated[Caller, Depends(allow(*READING))]
POSITION = TypeAdapter(tuple[Moment, Sort, UUID])
GROUPS_MAX = 1000


class OpenView(BaseModel):
    """Work that is not finished: whose it is, since when, and what it waits for.

    `person` is who began it; goods wait for an inspection since they were last brought to it.
    """

    model_config = ConfigDict(from_attributes=True)

    sort: Sort
    kind: str
    site_id: str
    warehouse_id: str
    id: UUID
    number: str
    person: str
    since: Moment
    due: Moment | None
    waits_for: Waits
    age_seconds: int = 0


class OpenGroup(BaseModel):
    """How much of a kind waits at a site for the same step."""

    model_config = ConfigDict(from_attributes=True)

    site_id: str
    sort: Sort
    kind: str
    waits_for: Waits
    count: int
    oldest: Moment


class OpenSummary(BaseModel):
    """What waits, by site and kind; the oldest first within a site."""

    as_of: Moment
    groups: list[OpenGroup]


class OpenQuery(BaseModel):
    """Narrows what is open."""

    site_id: Code | None = None
    kind: Code | None = None
    person: Name | None = None
    waits_for: Waits | None = None


def asked(caller: Reader, wanted: Annotated[OpenQuery, Depends()]) -> OpenFilter:
    """Return what is asked for, cut down to what the caller may see."""
    sites = caller.covered()
    if wanted.site_id is not None:
        caller.must_cover(wanted.site_id)
        sites = frozenset({wanted.site_id})
    return OpenFilter(sites, wanted.kind, wanted.person, wanted.waits_for)


Asked = Annotated[OpenFilter, Depends(asked)]


@queries.get("/reports/open-documents")
async def get_open_documents(
    session: Session, paging: CurrentPaging, wanted: Asked
) -> DatedPage[OpenView]:
    """List what is not audited, approved, posted, counted, inspected or arrived; oldest first."""
    as_of = now()
    rows = await open_work.open_work(session, wanted, paging.after_as(POSITION), paging.limit + 1)
    views = [_aged(OpenView.model_validate(row), as_of) for row in rows]
    return dated(paging, views, lambda one: [one.since.isoformat(), one.sort, one.id], as_of)


@queries.get("/reports/open-documents/summary")
async def get_open_summary(session: Session, wanted: Asked) -> OpenSummary:
    """Count what is open by site, kind and what it waits for."""
    as_of = now()
    rows = await open_work.summary(session, wanted, GROUPS_MAX)
    return OpenSummary(as_of=as_of, groups=[OpenGroup.model_validate(row) for row in rows])


def _aged(one: OpenView, as_of: datetime) -> OpenView:
    one.age_seconds = max(0, int((as_of - one.since).total_seconds()))
    return one
