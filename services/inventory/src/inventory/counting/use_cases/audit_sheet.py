"""Audit a sheet: what was counted is taken for true, and documents say what is wrong."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.counting import store
from inventory.counting.domain.sheet import CountSheet
from inventory.counting.use_cases.settle_differences import draft_differences
from inventory.documents.domain import Actor
from servicekit.clock import now


async def audit_sheet(
    session: AsyncSession, sheet: CountSheet, left_alone: Collection[int], auditor: Actor
) -> CountSheet:
    """Return the locked sheet, audited, with gain and loss documents drafted."""
    lines = await store.load_lines(session, sheet)
    sheet.audit(lines, left_alone, auditor.user_id, now())
    await draft_differences(session, sheet, lines.values(), auditor)
    await store.save_lines(session, sheet, lines.values())
    return sheet
