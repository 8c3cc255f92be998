"""HTTP: invoices are uploaded, looked at while they are read, and confirmed."""

from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Moment, Name
from purchasing.recognition import queries, store
from purchasing.recognition.domain import DocumentStatus, FileRefused, UnknownDocument
from purchasing.recognition.queries import DocumentFilter
from purchasing.recognition.use_cases.confirm_document import Confirmation, confirm_document
from purchasing.recognition.use_cases.retry_document import retry_document
from purchasing.recognition.use_cases.upload_document import Upload, upload_document
from purchasing.reference.routes.versions import Expected
from purchasing.suppliers.store import supplier_of_user
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router

UPLOAD_BYTES_MAX = 10 * 1024 * 1024
FIELDS_MAX = 5_000
Uploader = Annotated[Caller, Depends(allow("finance", "buyer"))]
Confirmer = Annotated[Caller, Depends(allow("finance"))]
SupplierUser = Annotated[Caller, Depends(allow("supplier"))]
Booking = Literal["booked", "refused", "open"]
Path = Annotated[str, Field(min_length=1, max_length=60)]
Value = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")]
FileName = Annotated[Name, Query(description="What the file is called.")]
MEDIA = {
    "xml": "application/xml",
    "ofd": "application/ofd",
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
BINARY = {"schema": {"type": "string", "format": "binary"}}
FILE: dict[str, Any] = {
    "requestBody": {"required": True, "content": dict.fromkeys(MEDIA.values(), BINARY)}
}

Head = TypeVar("Head", bound="OwnHead")
Shown = TypeVar("Shown", bound="OwnHead")

commands = command_router("invoice documents")
queries_router = query_router("invoice documents")


class OwnHead(BaseModel):
    """An uploaded invoice; `doubts` names the fields that a person has to look at."""

    document_id: UUID
    file_name: str
    kind: str
    size_bytes: int
    sha256: str
    supplier_id: str | None
    uploaded_at: Moment
    uploaded_by: str
    status: DocumentStatus
    version: int
    attempts: int
    failure: dict[str, Any] | None
    doubts: list[str]
    read_at: Moment | None
    confirmed_at: Moment | None
    confirmed_by: str | None
    """Nobody, where nothing was in doubt."""


class DocumentHead(OwnHead):
    """An uploaded invoice, with what became of booking it."""

    invoice_id: UUID | None
    """What was booked of it, by a person or by itself."""
    not_booked: dict[str, Any] | None
    """Why it could not be booked by itself, though its supplier's invoices are: `/book` it."""
    not_matched: dict[str, Any] | None
    """Why what was booked by itself could not be matched by itself: `/match` the invoice."""


class SeenField(BaseModel):
    """A field: its value, how sure that is, and where it stood on which page.

    The box is left, top, right and bottom in thousandths of the page.
    """

    value: str
    confidence: str
    page: int | None = None
    box: list[int] | None = None
    read: str | None = None
    """What was read, where a person corrected it."""
    corrected_by: str | None = None
    expected: str | None = None
    """What was agreed, or is known of the seller's names, where that differs or is in doubt."""


class CheckOut(BaseModel):
    """A check of fields against each other."""

    name: str
    fields: list[str]
    holds: bool


class ProposedOut(BaseModel):
    """What a line is proposed for, and why: for its name, or because nothing else has its price."""

    line_no: int
    item_id: str
    receipt_id: UUID
    receipt_line_no: int
    by: Literal["confirmed_name", "name", "price"]


class ReadingOut(BaseModel):
    """What was read: from which form, by how many degrees the page was turned, and the fields."""

    form: str
    pages: int
    turned: str
    head: dict[str, SeenField]
    lines: list[dict[str, SeenField]]
    checks: list[CheckOut]
    proposed: list[ProposedOut] = []


class OwnDocument(OwnHead):
    """An uploaded invoice with what was read in it."""

    reading: ReadingOut | None


class DocumentOut(DocumentHead, OwnDocument):
    """An uploaded invoice with what was read in it, and what became of booking it."""


class LineItemIn(BaseModel):
    """Which item a line is; the seller's name for it is remembered."""

    model_config = ConfigDict(extra="forbid")

    line_no: Annotated[int, Field(ge=1, le=FIELDS_MAX)]
    item_id: Code


class ConfirmationIn(BaseModel):
    """Values for fields that were read wrongly or not at all, and fields that are right.

    Fields are named like `total` or `lines.2.amount`; each one in doubt must be named.
    """

    model_config = ConfigDict(extra="forbid")

    corrections: Annotated[dict[Path, Value], Field(max_length=FIELDS_MAX)] = {}
    accepted: Annotated[list[Path], Field(max_length=FIELDS_MAX)] = []
    items: Annotated[list[LineItemIn], Field(max_length=FIELDS_MAX)] = []


async def _upload_of(request: Request, caller: Caller, name: str) -> Upload:
    content = await request.body()
    if len(content) > UPLOAD_BYTES_MAX:
        raise FileRefused.because("file_too_large", limit_bytes=UPLOAD_BYTES_MAX)
    media_type = request.headers.get("content-type", "")
    return Upload(content=content, media_type=media_type, file_name=name, by=caller.subject)


@commands.post("/invoice-documents", status_code=201, openapi_extra=FILE)
async def upload(
    request: Request, response: Response, session: Session, caller: Uploader, name: FileName
) -> DocumentOut:
    """Upload an invoice as XML, OFD, PDF, JPEG or PNG: the body is the file itself."""
    document = await upload_document(session, await _upload_of(request, caller, name))
    return _shown(document, response, DocumentOut)


@commands.post("/portal/invoice-documents", status_code=201, openapi_extra=FILE)
async def upload_own(
    request: Request, response: Response, session: Session, caller: SupplierUser, name: FileName
) -> OwnDocument:
    """Upload an invoice as a supplier's person."""
    supplier = await supplier_of_user(session, caller.subject)
    sent = await _upload_of(request, caller, name)
    own = Upload(**{**vars(sent), "supplier_id": supplier.supplier_id})
    return _shown(await upload_document(session, own), response, OwnDocument)


@commands.post("/invoice-documents/{document_id}/confirm")
async def confirm(
    document_id: UUID,
    body: ConfirmationIn,
    response: Response,
    session: Session,
    caller: Confirmer,
    expected: Expected,
) -> DocumentOut:
    """Correct or accept the fields that are in doubt, so that the invoice can be booked."""
    said = Confirmation(
        document_id=document_id,
        corrections=body.corrections,
        accepted=body.accepted,
        items={one.line_no: one.item_id for one in body.items},
        caller=caller,
        versions=expected,
    )
    return _shown(await confirm_document(session, said), response, DocumentOut)


@commands.post("/invoice-documents/{document_id}/retry")
async def retry(
    document_id: UUID, response: Response, session: Session, _: Uploader, expected: Expected
) -> DocumentOut:
    """Read a document again that could not be read."""
    return _shown(await retry_document(session, document_id, expected), response, DocumentOut)


@queries_router.get("/invoice-documents")
async def list_documents(
    session: Session,
    paging: CurrentPaging,
    _: Uploader,
    status: DocumentStatus | None = None,
    supplier_id: Code | None = None,
    booking: Booking | None = None,
) -> Page[DocumentHead]:
    """List uploaded invoices, the newest first; `refused` are those not booked by themselves."""
    wanted = DocumentFilter(status=status, supplier_id=supplier_id, booking=booking)
    return await _page(session, paging, wanted, DocumentHead)


@queries_router.get("/invoice-documents/{document_id}")
async def read_document(
    document_id: UUID, response: Response, session: Session, _: Uploader
) -> DocumentOut:
    """Return an uploaded invoice with what was read in it; its ETag is its version."""
    return _shown(await queries.document(session, document_id), response, DocumentOut)


@queries_router.get(
    "/invoice-documents/{document_id}/file",
    response_class=Response,
    responses={200: {"content": dict.fromkeys(MEDIA.values(), BINARY)}},
)
async def read_file(document_id: UUID, session: Session, _: Uploader) -> Response:
    """Return the file as it was uploaded."""
    document = await store.document(session, document_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{document_id}.{document.kind}"',
        "X-Content-Type-Options": "nosniff",
    }
    content = await store.content_of(session, document_id)
    return Response(content, headers=headers, media_type=MEDIA[document.kind])


@queries_router.get("/portal/invoice-documents")
async def list_own(
    session: Session,
    paging: CurrentPaging,
    caller: SupplierUser,
    status: DocumentStatus | None = None,
) -> Page[OwnHead]:
    """List the invoices that one's own supplier uploaded, the newest first."""
    supplier = await supplier_of_user(session, caller.subject)
    wanted = DocumentFilter(status=status, supplier_id=supplier.supplier_id)
    return await _page(session, paging, wanted, OwnHead)


@queries_router.get("/portal/invoice-documents/{document_id}")
async def read_own(
    document_id: UUID, response: Response, session: Session, caller: SupplierUser
) -> OwnDocument:
    """Return an invoice that one's own supplier uploaded."""
    supplier = await supplier_of_user(session, caller.subject)
    found = await queries.document(session, document_id)
    if found["supplier_id"] != supplier.supplier_id:
        raise UnknownDocument(document_id=document_id)
    return _shown(found, response, OwnDocument)


async def _page(
    session: Session, paging: CurrentPaging, wanted: DocumentFilter, head: type[Head]
) -> Page[Head]:
    rows = await queries.documents_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([head(**row) for row in rows], lambda one: [one.document_id])


def _shown(document: Any, response: Response, form: type[Shown]) -> Shown:
    shown = form.model_validate(document, from_attributes=True)
    response.headers["ETag"] = f'"{shown.version}"'
    return shown
