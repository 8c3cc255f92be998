"""Say what may be sold instead of an item, or describe it anew."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import SubstituteDefined
from inventory.catalog import store
from inventory.catalog.domain import Substitution
from servicekit import outbox
from sheets.imports import Outcome


async def define_substitute(
    session: AsyncSession, given: Substitution, defined_by: str, at: datetime
) -> Outcome:
    """Return what this did; the same description again changes nothing."""
    items = await store.lock_items(session, [given.item_id, given.substitute_id])
    given.must_be_sold(items[given.substitute_id])
    known = await store.find_substitution(session, given)
    if known == given:
        return Outcome.UNCHANGED
    await store.put_substitution(session, given, defined_by, at)
    await outbox.add(session, [SubstituteDefined.model_validate(vars(given))])
    return Outcome.ADDED if known is None else Outcome.CHANGED
