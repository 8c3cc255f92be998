"""Send lines back to be counted once more, by somebody else."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.counting import store
from inventory.counting.domain.sheet import CountSheet
from inventory.counting.use_cases.settle_differences import cancel_differences
from inventory.documents.domain import Actor
from servicekit.clock import now


async def recount_lines(
    session: AsyncSession, sheet: CountSheet, wanted: Collection[int] | None, actor: Actor
) -> list[int]:
    """Return the lines of the locked sheet that are counted again; None: those that need it.

    If the sheet was audited, it no longer is, and the documents of its differences are cancelled.
    """
    lines = await store.load_lines(session, sheet)
    await cancel_differences(session, lines.values(), actor)
    again = sheet.recount(lines, wanted, now())
    await store.save_lines(session, sheet, lines.values())
    return [line.line_no for line in again]
