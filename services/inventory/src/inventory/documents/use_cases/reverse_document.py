"""Reverse a posted document by one of its own, which names it."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.documents import store
from inventory.documents.domain import (
    RULES,
    Actor,
    DocumentKind,
    StockDocument,
    moves_back,
    reversal_of,
    undo_transit,
)
from inventory.documents.use_cases.guard_breaches import must_not_be_in_breach
from inventory.documents.use_cases.post_document import book_document
from inventory.documents.use_cases.tell_documents import posted, taken_back
from inventory.stock import store as books
from inventory.stock.domain import InTransit
from servicekit import outbox
from servicekit.clock import now
from servicekit.ids import new_id


async def reverse_document(
    session: AsyncSession, document: StockDocument, actor: Actor, reason: str
) -> StockDocument:
    """Return the document that reverses a locked one, posted; raise if its goods are gone."""
    at = now()
    reversal = reversal_of(document, new_id(), actor, at, reason)
    document.be_reversed(reversal.document_id, actor)
    site = await catalog.load_site(session, document.site_id)
    prefix = RULES[DocumentKind.REVERSAL].prefix
    reversal.number = await store.next_number(session, prefix, site.site_id, site.day_of(at))
    await store.add(session, reversal)
    reversal.audit(actor, at)
    reversal.post(actor, at)
    entries = await store.entries_of(session, document)
    transit = await _transit_of(session, document)
    undo_transit(document, entries, transit)
    moves = moves_back(reversal, entries)
    await must_not_be_in_breach(session, moves)
    await book_document(session, reversal, moves)
    await books.save_in_transit(session, transit.values())
    await outbox.add(session, [posted(reversal, actor), taken_back(document, actor)])
    return reversal


async def _transit_of(session: AsyncSession, document: StockDocument) -> dict[int, InTransit]:
    if document.to_site_id is not None:
        return await books.lock_in_transit(session, document.to_site_id, document.document_id)
    if document.dispatch_id is not None:
        return await books.lock_in_transit(session, document.site_id, document.dispatch_id)
    return {}
