"""Abandon what was scanned by mistake, or for goods that are not taken in: nobody waits for it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.clocks.domain import ClockKind
from purchasing.clocks.use_cases.stop_clock import stop_clock
from purchasing.receipts import store
from purchasing.receipts.domain import Opening, OpeningUsed
from servicekit.auth import Caller
from servicekit.clock import now


async def abandon_opening(
    session: AsyncSession, opening_id: UUID, reason: str, caller: Caller
) -> Opening:
    """Return the scan with who abandoned it and why; doing so again changes nothing."""
    opening = await store.opening_to_change(session, opening_id)
    caller.must_cover(opening.site_id)
    number = await store.standing_receipt(session, opening_id)
    if number is not None:
        raise OpeningUsed(receipt_number=number)
    at = now()
    if opening.abandon(caller.subject, reason, at):
        await stop_clock(session, ClockKind.POSTING, opening_id, at, given_up=True)
    return opening
