"""HTTP: documents that nobody has finished; they are collected by themselves."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, TypeAdapter

from contracts.wire import Code, Moment, Name
from sales.insight.queries import open_documents
from sales.insight.queries.open_documents import OpenFilter, Waits
from sales.reference.routes import Reader
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, query_router

router = query_router("insight")

POSITION = TypeAdapter(tuple[Moment, UUID])


class OpenDocument(BaseModel):
    """A document that is not finished: whose it is, since when, and what it waits for.

    An order that was paid waits since then; `due` is when an unpaid one lets its goods go.
    """

    model_config = ConfigDict(from_attributes=True)

    kind: str
    site_id: str
    warehouse_id: str
    id: UUID
    number: str
    customer_id: str
    person: str
    since: Moment
    due: Moment | None
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
    """List orders not closed, counter sales not covered, and returns not booked, oldest first."""
    as_of, after = now(), paging.after_as(POSITION)
    rows = await open_documents.open_documents(session, wanted, after, paging.limit + 1)
    views = [OpenDocument.model_validate(row) for row in rows]
    for one in views:
        one.age_seconds = max(0, int((as_of - one.since).total_seconds()))
    page = paging.page(views, lambda one: [one.since.isoformat(), one.id])
    return OpenDocuments(items=page.items, next_cursor=page.next_cursor, as_of=as_of)
