"""Say what becomes of documents to the world."""

from typing import Any

from contracts.inventory import (
    StockDocumentAudited,
    StockDocumentCancelled,
    StockDocumentDrafted,
    StockDocumentPosted,
    StockDocumentReversed,
)
from inventory.documents.domain import Actor, StockDocument
from servicekit.clock import now


def drafted(document: StockDocument, actor: Actor) -> StockDocumentDrafted:
    """Say that a document was drafted."""
    return StockDocumentDrafted(**_said(document, actor))


def audited(document: StockDocument, actor: Actor) -> StockDocumentAudited:
    """Say that a document may be posted."""
    return StockDocumentAudited(**_said(document, actor))


def posted(document: StockDocument, actor: Actor) -> StockDocumentPosted:
    """Say that a document moved its goods."""
    booked = document.in_the_books()
    return StockDocumentPosted(
        **_said(document, actor), effective_at=booked.effective_at, reverses=document.reverses
    )


def taken_back(document: StockDocument, actor: Actor) -> StockDocumentReversed:
    """Say that a document was reversed by another."""
    return StockDocumentReversed(**_said(document, actor), reversed_by=document.reversed_by)


def cancelled(document: StockDocument, actor: Actor) -> StockDocumentCancelled:
    """Say that a document was given up."""
    return StockDocumentCancelled(**_said(document, actor))


def _said(document: StockDocument, actor: Actor) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "number": document.number,
        "kind": document.kind.value,
        "site_id": document.site_id,
        "warehouse_id": document.warehouse_id,
        "version": document.version,
        "at": now(),
        "user_id": actor.user_id,
        "device_id": actor.device_id,
    }
