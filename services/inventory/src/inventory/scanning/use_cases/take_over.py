"""Take over what an ended session left unfinished: nothing that was scanned is lost."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.scanning.domain.sessions import ScanSession
from inventory.scanning.store import sessions
from inventory.scanning.use_cases.enter_session import must_be_entered
from servicekit.clock import now


async def take_over(
    session: AsyncSession, to_id: UUID, from_id: UUID, user_id: str, device_id: str
) -> ScanSession:
    """Return the session that holds the works from now on; the last one goes on."""
    locked = await sessions.lock_sessions(session, [to_id, from_id])
    to, before = locked[to_id], locked[from_id]
    await must_be_entered(session, to, user_id, device_id)
    at = now()
    to.must_be_open(at)
    before.must_let_go(to, at)
    moved = await sessions.hand_over(session, before, to)
    if moved:
        to.work_id = moved[-1]
    return to
