"""Close a session; what was scanned and not finished waits for one that takes it over."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.scanning.domain.sessions import End, ScanSession
from inventory.scanning.use_cases.finish_sessions import finish_sessions


async def close_session(session: AsyncSession, held: ScanSession) -> ScanSession:
    """Return the locked session, ended; once more changes nothing."""
    await finish_sessions(session, [held], End.CLOSED)
    return held
