"""Documents from the draft to the books, over HTTP."""

from typing import Annotated

from fastapi import Depends, Response

from inventory.devices import store as devices
from inventory.documents.domain import Actor
from inventory.documents.routes.bodies import DocumentBody, LinesBody, ReasonBody
from inventory.documents.routes.steps import Device, Step, step_of
from inventory.documents.routes.views import DocumentView, shown
from inventory.documents.use_cases.approve_document import approve_document
from inventory.documents.use_cases.audit_document import audit_document
from inventory.documents.use_cases.cancel_document import cancel_document
from inventory.documents.use_cases.draft_document import draft_document
from inventory.documents.use_cases.post_document import post_document
from inventory.documents.use_cases.reverse_document import reverse_document
from inventory.documents.use_cases.rewrite_document import rewrite_document
from inventory.settings import APPROVING, AUDITING, DRAFTING
from servicekit.auth import Caller
from servicekit.http.routing import Session, allow, command_router

commands = command_router("documents")

Drafter = Annotated[Caller, Depends(allow(*DRAFTING))]
DraftStep = Annotated[Step, Depends(step_of(*DRAFTING))]
AuditStep = Annotated[Step, Depends(step_of(*AUDITING))]
ApproveStep = Annotated[Step, Depends(step_of(*APPROVING))]


@commands.post("/documents", status_code=201)
async def post_draft(
    body: DocumentBody,
    response: Response,
    session: Session,
    caller: Drafter,
    device: Device = None,
) -> DocumentView:
    """Draft a document; nothing moves yet."""
    if body.site_id is not None:
        caller.must_cover(body.site_id)
        await devices.must_be_in_use(session, body.site_id, device)
    author = Actor(caller.subject, device)
    return shown(await draft_document(session, body.asked(), author), response)


@commands.post("/documents/{document_id}/lines")
async def post_lines(
    body: LinesBody, response: Response, session: Session, step: DraftStep
) -> DocumentView:
    """Give a draft other lines; an approval it had is void."""
    given = [line.asked() for line in body.lines]
    document = await rewrite_document(session, step.document, given, step.actor)
    return shown(document, response)


@commands.post("/documents/{document_id}/audit")
async def post_audit(response: Response, session: Session, step: AuditStep) -> DocumentView:
    """Audit a draft, so that it may be posted; some kinds need somebody else than the author."""
    return shown(await audit_document(session, step.document, step.actor), response)


@commands.post("/documents/{document_id}/approve")
async def post_approval(response: Response, session: Session, step: ApproveStep) -> DocumentView:
    """Answer for a document that somebody else drafted, as adjustments need it."""
    document = approve_document(step.document, step.actor)
    await session.flush()
    return shown(document, response)


@commands.post("/documents/{document_id}/post")
async def post_posting(response: Response, session: Session, step: AuditStep) -> DocumentView:
    """Post an audited document: its goods move, and it never changes again."""
    return shown(await post_document(session, step.document, step.actor), response)


@commands.post("/documents/{document_id}/reverse", status_code=201)
async def post_reversal(
    body: ReasonBody, response: Response, session: Session, step: AuditStep
) -> DocumentView:
    """Take back a posted document; the answer is the document that does it."""
    reversal = await reverse_document(session, step.document, step.actor, body.reason)
    return shown(reversal, response)


@commands.post("/documents/{document_id}/cancel")
async def post_cancellation(response: Response, session: Session, step: DraftStep) -> DocumentView:
    """Give up a document that was not posted."""
    return shown(await cancel_document(session, step.document, step.actor), response)
