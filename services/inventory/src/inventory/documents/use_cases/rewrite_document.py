"""Write the lines of a draft anew."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.documents import store
from inventory.documents.domain import Actor, DraftLine, StockDocument
from inventory.documents.use_cases.write_lines import write_lines


async def rewrite_document(
    session: AsyncSession, document: StockDocument, given: Sequence[DraftLine], actor: Actor
) -> StockDocument:
    """Return the locked draft with other lines."""
    document.rewrite(await write_lines(session, document, given), actor)
    await store.replace_lines(session, document)
    return document
