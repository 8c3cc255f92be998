"""Give a sheet up."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.counting import store
from inventory.counting.domain.sheet import CountSheet
from inventory.counting.use_cases.settle_differences import cancel_differences
from inventory.documents.domain import Actor
from servicekit.clock import now


async def cancel_sheet(session: AsyncSession, sheet: CountSheet, actor: Actor) -> CountSheet:
    """Return the locked sheet, cancelled with the documents drafted from it."""
    sheet.cancel(actor.user_id, now())
    lines = await store.load_lines(session, sheet)
    await cancel_differences(session, lines.values(), actor)
    await store.release_lines(session, sheet, None)
    return sheet
