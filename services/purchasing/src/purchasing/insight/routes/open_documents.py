"""HTTP: documents that nobody has finished; they are collected by themselves."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, TypeAdapter

from contracts.wire import Code, Moment, Name
from purchasing.insight import queries
from purchasing.insight.domain import Waits
from purchasing.insight.queries import OpenFilter
from purchasing.reference.routes import Reader
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, query_router

router = query_router("insight")

POSITION = TypeAdapter(tuple[Moment, UUID])


class OpenDocument(BaseModel):
    """A document that is not finished: whose it is, since when, and what it waits for.

    `person` is who took its last step. Each line of a requisition has a warehouse and a supplier of
    its own.
    """

    model_config = ConfigDict(from_attributes=True)

    kind: str
    site_id: str
    warehouse_id: str | None
    id: UUID
    number: str
    supplier_id: str | None
    person: str
    since: Moment
    waits_for: Waits
    age_seconds: int = 0


class OpenDocuments(Page[OpenDocument]):
    """A page of open documents, and the moment of which it tells."""

    as_of: Moment


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


@router.get("/reports/open-documents")
async def get_open_documents(
    session: Session, paging: CurrentPaging, wanted: Annotated[OpenFilter, Depends(asked)]
) -> OpenDocuments:
    """List what is not ordered, not placed, not posted or not booked, the oldest first."""
    as_of = now()
    rows = await queries.open_documents(
        session, wanted, paging.after_as(POSITION), paging.limit + 1
    )
    views = [OpenDocument.model_validate(row) for row in rows]
    for one in views:
        one.age_seconds = max(0, int((as_of - one.since).total_seconds()))
    page = paging.page(views, lambda one: [one.since.isoformat(), one.id])
    return OpenDocuments(items=page.items, next_cursor=page.next_cursor, as_of=as_of)
