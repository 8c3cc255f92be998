"""Draft a document. Nothing moves yet."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.documents import store
from inventory.documents.domain import RULES, Actor, Draft, StockDocument, document_of
from inventory.documents.use_cases.tell_documents import drafted
from inventory.documents.use_cases.write_lines import write_lines
from servicekit import outbox
from servicekit.clock import now
from servicekit.ids import new_id


async def draft_document(session: AsyncSession, draft: Draft, author: Actor) -> StockDocument:
    """Return the draft; what its kind can't do without and it lacks is refused by name."""
    site_id, warehouse_id = draft.place()
    site = await catalog.load_site(session, site_id)
    places = {(site_id, warehouse_id)}
    if draft.to_site_id and draft.to_warehouse_id:
        places.add((draft.to_site_id, draft.to_warehouse_id))
    await catalog.must_know_warehouses(session, places)
    at = now()
    document = document_of(draft, new_id(), author, at)
    document.lines = await write_lines(session, document, draft.lines)
    prefix = RULES[draft.kind].prefix
    document.number = await store.next_number(session, prefix, site_id, site.day_of(at))
    await store.add(session, document)
    await outbox.add(session, [drafted(document, author)])
    return document
