"""HTTP: invoices are uploaded, looked at while they are read, and confirmed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from sqlalchemy import RowMapping

from contracts.wire import Code, Moment, Name
from purchasing.recognition import queries, store
from purchasing.recognition.domain import DocumentStatus, FileRefused, UnknownDocument, kept
from purchasing.recognition.queries import DocumentFilter
from purchasing.recognition.use_cases.confirm_document import Confirmation, confirm_document
from purchasing.recognition.use_cases.retry_document import retry_document
from purchasing.recognition.use_cases.set_document_aside import (
    set_document_aside,
    take_document_up,
)
from purchasing.recognition.use_cases.upload_document import Upload, upload_document
from purchasing.reference.routes.versions import Expected
from purchasing.suppliers.store import supplier_of_user
from servicekit.auth import Caller
from servicekit.errors import Refusal
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.problems import language_of
from servicekit.http.routing import Session, allow, command_router, query_router

UPLOAD_BYTES_MAX = 10 * 1024 * 1024
FIELDS_MAX = 5_000
Uploader = Annotated[Caller, Depends(allow("finance", "buyer"))]
Confirmer = Annotated[Caller, Depends(allow("finance"))]
SupplierUser = Annotated[Caller, Depends(allow("supplier"))]
Booking = Literal["booked", "refused", "copy", "dropped", "open", "set_aside"]
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


@dataclass(frozen=True)
class Answer:
    """To whom a document is shown: in which language, and with which ETag."""

    language: Annotated[str, Depends(language_of)]
    response: Response

    def shows(self, document: Any, form: type[Shown]) -> Shown:
        """Return the document; its ETag is its version."""
        shown = self.lists(document, form)
        self.response.headers["ETag"] = f'"{shown.version}"'
        return shown

    def lists(self, document: Any, form: type[Shown]) -> Shown:
        """Return the document as one of several."""
        context = {"language": self.language}
        return form.model_validate(document, from_attributes=True, context=context)


CurrentAnswer = Annotated[Answer, Depends()]


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


class WhyNotOut(BaseModel):
    """Why something was not done, as the refusal of its own route would say it."""

    code: str
    detail: str
    facts: dict[str, Any] = {}


def why_not(refusal: Refusal, language: str) -> WhyNotOut:
    """Return a refusal as it is shown beside what was done all the same."""
    return _said(kept(refusal), language)


def _said(told: dict[str, Any], language: str) -> WhyNotOut:
    detail = told["zh" if language.startswith("zh") else "en"]
    return WhyNotOut(code=told["cause"], detail=detail, facts=told["facts"])


def _in_language(told: Any, shown_to: ValidationInfo) -> WhyNotOut | None:
    return told and _said(told, (shown_to.context or {})["language"])


WhyNot = Annotated[WhyNotOut | None, BeforeValidator(_in_language)]


class DocumentHead(OwnHead):
    """An uploaded invoice, with what became of booking it."""

    invoice_id: UUID | None
    """What was booked of it, by a person or by itself, and not refused since."""
    not_booked: WhyNot
    """Why it could not be booked by itself, though its supplier's invoices are, or no longer is."""
    not_matched: WhyNot
    """Why what was booked by itself could not be matched by itself: `/match` the invoice."""
    set_aside_at: Moment | None
    set_aside_by: str | None
    set_aside_reason: str | None
    """Why nothing is to be done with it, until it is taken up again."""
    taken_up_at: Moment | None
    taken_up_by: str | None


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


class SetAsideIn(BaseModel):
    """Why nothing is to be done with a document."""

    model_config = ConfigDict(extra="forbid")

    reason: Name


async def _upload_of(request: Request, caller: Caller, name: str) -> Upload:
    content = await request.body()
    if len(content) > UPLOAD_BYTES_MAX:
        raise FileRefused.because("file_too_large", limit_bytes=UPLOAD_BYTES_MAX)
    media_type = request.headers.get("content-type", "")
    return Upload(content=content, media_type=media_type, file_name=name, by=caller.subject)


@commands.post("/invoice-documents", status_code=201, openapi_extra=FILE)
async def upload(
    request: Request, answer: CurrentAnswer, session: Session, caller: Uploader, name: FileName
) -> DocumentOut:
    """Upload an invoice as XML, OFD, PDF, JPEG or PNG: the body is the file itself."""
    document = await upload_document(session, await _upload_of(request, caller, name))
    return answer.shows(document, DocumentOut)


@commands.post("/portal/invoice-documents", status_code=201, openapi_extra=FILE)
async def upload_own(
    request: Request, answer: CurrentAnswer, session: Session, caller: SupplierUser, name: FileName
) -> OwnDocument:
    """Upload an invoice as a supplier's person.

    What it says is taken at its word. It is booked without anybody only where finance wants that
    for the supplier, and only if it is just what is owed, within the tolerances.
    """
    supplier = await supplier_of_user(session, caller.subject)
    sent = await _upload_of(request, caller, name)
    own = Upload(**{**vars(sent), "supplier_id": supplier.supplier_id})
    return answer.shows(await upload_document(session, own), OwnDocument)


@commands.post("/invoice-documents/{document_id}/confirm")
async def confirm(
    document_id: UUID,
    body: ConfirmationIn,
    answer: CurrentAnswer,
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
    return answer.shows(await confirm_document(session, said), DocumentOut)


@commands.post("/invoice-documents/{document_id}/retry")
async def retry(
    document_id: UUID, answer: CurrentAnswer, session: Session, _: Uploader, expected: Expected
) -> DocumentOut:
    """Read a document again that could not be read."""
    return answer.shows(await retry_document(session, document_id, expected), DocumentOut)


@commands.post("/invoice-documents/{document_id}/set-aside")
async def set_aside(
    document_id: UUID,
    body: SetAsideIn,
    answer: CurrentAnswer,
    session: Session,
    caller: Confirmer,
    expected: Expected,
) -> DocumentOut:
    """Set a document aside that is read, or can't be, and is not booked: no list waits for it.

    Until it is taken up again it is neither booked nor confirmed nor read anew, its file is refused
    when it is uploaded again, and the same invoice in another form is left to a person.
    """
    by = caller.subject
    document = await set_document_aside(session, document_id, body.reason, by, expected)
    return answer.shows(document, DocumentOut)


@commands.post("/invoice-documents/{document_id}/take-up")
async def take_up(
    document_id: UUID,
    answer: CurrentAnswer,
    session: Session,
    caller: Confirmer,
    expected: Expected,
) -> DocumentOut:
    """Take a document up again that was set aside: it is what it was before, and goes on so."""
    document = await take_document_up(session, document_id, caller.subject, expected)
    return answer.shows(document, DocumentOut)


class Filters(BaseModel):
    """Which documents are looked for."""

    status: DocumentStatus | None = None
    supplier_id: Code | None = None
    booking: Booking | None = None


@queries_router.get("/invoice-documents")
async def list_documents(
    session: Session,
    paging: CurrentPaging,
    _: Uploader,
    answer: CurrentAnswer,
    asked: Annotated[Filters, Depends()],
) -> Page[DocumentHead]:
    """List uploaded invoices, the newest first.

    By what became of booking them: `refused` are left to people with their cause, of a `copy` the
    invoice was booked before, and what was booked of those `dropped` was refused. With what is
    `set_aside` nothing is to be done, whatever it was before: it is in no other list by booking.
    """
    wanted = DocumentFilter(**dict(asked))
    return await _page(session, paging, wanted, lambda row: answer.lists(row, DocumentHead))


@queries_router.get("/invoice-documents/{document_id}")
async def read_document(
    document_id: UUID, answer: CurrentAnswer, session: Session, _: Uploader
) -> DocumentOut:
    """Return an uploaded invoice with what was read in it; its ETag is its version."""
    return answer.shows(await queries.document(session, document_id), DocumentOut)


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
    return await _page(session, paging, wanted, lambda row: OwnHead(**row))


@queries_router.get("/portal/invoice-documents/{document_id}")
async def read_own(
    document_id: UUID, answer: CurrentAnswer, session: Session, caller: SupplierUser
) -> OwnDocument:
    """Return an invoice that one's own supplier uploaded."""
    supplier = await supplier_of_user(session, caller.subject)
    found = await queries.document(session, document_id)
    if found["supplier_id"] != supplier.supplier_id:
        raise UnknownDocument(document_id=document_id)
    return answer.shows(found, OwnDocument)


async def _page(
    session: Session,
    paging: CurrentPaging,
    wanted: DocumentFilter,
    form: Callable[[RowMapping], Head],
) -> Page[Head]:
    rows = await queries.documents_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([form(row) for row in rows], lambda one: [one.document_id])
