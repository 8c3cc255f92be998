"""How documents begin: by a draft, or by taking another one back."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from inventory.documents.domain.document import StockDocument
from inventory.documents.domain.draft import Draft
from inventory.documents.domain.kinds import DocumentKind
from inventory.documents.domain.steps import Actor


def document_of(draft: Draft, document_id: UUID, author: Actor, at: datetime) -> StockDocument:
    """Return what a draft asks for, still without number and lines."""
    site_id, warehouse_id = draft.place()
    return StockDocument(
        document_id=document_id,
        number="",
        kind=draft.kind,
        site_id=site_id,
        warehouse_id=warehouse_id,
        drafted_at=at,
        drafted_by=author.user_id,
        drafted_with=author.device_id,
        lines_by=author.user_id,
        effective_at=draft.effective_at,
        source_document=draft.source_document,
        reason=draft.reason,
        department=draft.department,
        currency=draft.currency,
        to_site_id=draft.to_site_id,
        to_warehouse_id=draft.to_warehouse_id,
        expected_at=draft.expected_at,
        over_percent=draft.over_percent,
        dispatch_id=draft.dispatch_id,
    )


def reversal_of(
    original: StockDocument, document_id: UUID, actor: Actor, at: datetime, reason: str
) -> StockDocument:
    """Return the document that takes back another one, line by line; it has no number yet."""
    return StockDocument(
        document_id=document_id,
        number="",
        kind=DocumentKind.REVERSAL,
        site_id=original.site_id,
        warehouse_id=original.warehouse_id,
        drafted_at=at,
        drafted_by=actor.user_id,
        drafted_with=actor.device_id,
        lines_by=actor.user_id,
        source_document=original.number,
        reason=reason,
        reverses=original.document_id,
        lines=[replace(one, source=one.target, target=one.source) for one in original.lines],
    )
