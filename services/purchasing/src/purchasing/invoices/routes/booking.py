"""HTTP: invoices are booked, matched, decided about and taken back."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from contracts.wire import Code, Name
from purchasing.invoices import queries
from purchasing.invoices.domain import DifferencesChanged, Invoice, InvoiceStatus
from purchasing.invoices.queries import InvoiceFilter
from purchasing.invoices.routes.shapes import (
    BookedOut,
    DocumentIn,
    InvoiceHead,
    InvoiceIn,
    InvoiceOut,
    MatchIn,
    MatchOut,
    ReasonIn,
)
from purchasing.invoices.use_cases.book_document import BookDocument, book_document
from purchasing.invoices.use_cases.book_invoice import BookInvoice, book_invoice
from purchasing.invoices.use_cases.decide_invoice import (
    accept_differences,
    refuse_invoice,
)
from purchasing.invoices.use_cases.match_invoice import match_if_found, match_invoice
from purchasing.invoices.use_cases.unmatch_invoice import unmatch_invoice
from purchasing.recognition.routes import why_not
from purchasing.reference.routes.versions import Expected
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.problems import language_of, problem
from servicekit.http.routing import Session, allow, command_router, query_router

Finance = Annotated[Caller, Depends(allow("finance"))]
Reader = Annotated[Caller, Depends(allow("finance", "buyer", "operator", "service"))]

commands = command_router("invoices")
queries_router = query_router("invoices")


@commands.post("/invoices", status_code=201)
async def book(
    body: InvoiceIn, response: Response, session: Session, caller: Finance
) -> InvoiceOut:
    """Book an invoice; it must add up, and be booked for the first time."""
    lines = [dict(line) for line in body.lines]
    invoice = await book_invoice(session, BookInvoice(body.said(), lines, caller.subject))
    response.headers["ETag"] = f'"{invoice.version}"'
    return InvoiceOut.model_validate(invoice)


@commands.post("/invoice-documents/{document_id}/book", status_code=201)
async def book_uploaded(
    document_id: UUID,
    body: DocumentIn,
    request: Request,
    response: Response,
    session: Session,
    caller: Finance,
) -> BookedOut:
    """Book the invoice that was read in an uploaded file and is confirmed.

    With an empty body it is booked for the supplier that has the seller's tax number, and matched:
    what is left is to review what differs, such as the rate of tax. What can't be matched by
    itself is booked all the same.
    """
    said = body.model_dump(exclude={"match"})
    order = BookDocument(document_id=document_id, by=caller.subject, **said)
    invoice_id = (await book_document(session, order)).invoice_id
    why = await match_if_found(session, invoice_id, caller.subject) if body.is_matched else None
    shown = await _shown(session, invoice_id, response)
    told = why and why_not(why, language_of(request))
    return BookedOut.model_validate({**shown, "not_matched": told})


@commands.post("/invoices/{invoice_id}/match")
async def match(
    invoice_id: UUID, body: MatchIn, session: Session, caller: Finance, expected: Expected
) -> MatchOut:
    """Match the invoice with receipts; beyond the supplier's tolerances it is held."""
    links = body.said() or None
    found = await match_invoice(session, invoice_id, links, caller.subject, expected)
    return MatchOut.model_validate(found)


@commands.post("/invoices/{invoice_id}/accept", response_model=MatchOut)
async def accept(
    invoice_id: UUID,
    body: ReasonIn,
    request: Request,
    session: Session,
    caller: Finance,
    expected: Expected,
) -> Any:
    """Accept the differences of an invoice that somebody else has matched.

    Where there are others by now than were reviewed, it is held with these and nothing accepted.
    """
    found = await accept_differences(session, invoice_id, body.reason, caller.subject, expected)
    if isinstance(found, DifferencesChanged):
        # Answered and not raised: what there is to review now is kept.
        return problem(request, found)
    return MatchOut.model_validate(found)


@commands.post("/invoices/{invoice_id}/refuse")
async def refuse(
    invoice_id: UUID, body: ReasonIn, session: Session, _: Finance, expected: Expected
) -> InvoiceHead:
    """Refuse an invoice that was not matched."""
    return _head(await refuse_invoice(session, invoice_id, body.reason, expected))


@commands.post("/invoices/{invoice_id}/unmatch")
async def unmatch(
    invoice_id: UUID, body: ReasonIn, session: Session, caller: Finance, expected: Expected
) -> MatchOut:
    """Take a match back, with all it did, or drop one that is held: match anew."""
    found = await unmatch_invoice(session, invoice_id, body.reason, caller.subject, expected)
    return MatchOut.model_validate(found)


def _head(invoice: Invoice) -> InvoiceHead:
    return InvoiceHead.model_validate(invoice)


class Filters(BaseModel):
    """Which invoices are looked for; with a receipt's id, those that are matched with it."""

    supplier_id: Code | None = None
    status: InvoiceStatus | None = None
    number: Name | None = None
    receipt_id: UUID | None = None
    due_until: date | None = None


@queries_router.get("/invoices")
async def list_invoices(
    session: Session, paging: CurrentPaging, _: Reader, asked: Annotated[Filters, Depends()]
) -> Page[InvoiceHead]:
    """List invoices, the newest first."""
    wanted = InvoiceFilter(**dict(asked))
    rows = await queries.invoices_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([InvoiceHead(**row) for row in rows], lambda one: [one.invoice_id])


@queries_router.get("/invoices/{invoice_id}")
async def read_invoice(
    invoice_id: UUID, response: Response, session: Session, _: Reader
) -> InvoiceOut:
    """Return an invoice with what it is for; its ETag is its version."""
    return InvoiceOut.model_validate(await _shown(session, invoice_id, response))


async def _shown(session: Session, invoice_id: UUID, response: Response) -> dict[str, Any]:
    head = await queries.invoice(session, invoice_id)
    response.headers["ETag"] = f'"{head["version"]}"'
    linked = await queries.lines_of_matches(session, invoice_id)
    matches = [
        {**one, "lines": [line for line in linked if line["match_id"] == one["match_id"]]}
        for one in await queries.matches_of(session, invoice_id)
    ]
    lines = await queries.lines_of(session, invoice_id)
    return {**head, "lines": lines, "matches": matches}
