"""Documents as people look for them, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Response
from pydantic import BaseModel

from contracts.wire import Code, Name
from inventory.documents import queries as lists
from inventory.documents import store
from inventory.documents.domain import DocumentKind, DocumentStatus, document_in
from inventory.documents.routes.steps import Reader
from inventory.documents.routes.views import DocumentHead, DocumentView, shown
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, query_router

queries = query_router("documents")


class DocumentQuery(BaseModel):
    """Narrows a list of documents."""

    site_id: Code | None = None
    warehouse_id: Code | None = None
    kind: DocumentKind | None = None
    status: DocumentStatus | None = None
    number: Name | None = None
    source_document: Name | None = None
    dispatch_id: UUID | None = None
    item_id: Code | None = None


@queries.get("/documents")
async def get_documents(
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    wanted: Annotated[DocumentQuery, Depends()],
) -> Page[DocumentHead]:
    """List documents without their lines, the newest first."""
    if wanted.site_id is not None:
        caller.must_cover(wanted.site_id)
    narrowed = lists.DocumentFilter(covered=caller.covered(), **wanted.model_dump())
    rows = await lists.documents_before(session, narrowed, paging.after_id(), paging.limit + 1)
    heads = [DocumentHead.model_validate(row) for row in rows]
    return paging.page(heads, lambda one: [one.document_id])


@queries.get("/documents/by-code/{code}")
async def get_document_by_code(
    code: Annotated[str, Path(max_length=200)],
    response: Response,
    session: Session,
    caller: Reader,
) -> DocumentView:
    """Return the document whose QR code was scanned."""
    document = await store.load(session, document_in(code))
    caller.must_cover(document.site_id)
    return shown(document, response)


@queries.get("/documents/{document_id}")
async def get_document(
    document_id: UUID, response: Response, session: Session, caller: Reader
) -> DocumentView:
    """Return a document."""
    document = await store.load(session, document_id)
    caller.must_cover(document.site_id)
    return shown(document, response)
