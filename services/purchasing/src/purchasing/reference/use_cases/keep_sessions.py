"""Keep the copy of inventory's scan sessions: who may scan with what in which warehouse."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ScanSessionEnded, ScanSessionOpened
from purchasing.reference import store
from purchasing.reference.tables import scan_sessions


async def keep_sessions(
    session: AsyncSession,
    opened: Sequence[ScanSessionOpened],
    ended: Sequence[ScanSessionEnded],
) -> None:
    """Take over what inventory says; a session is opened before it ends."""
    kept = set(scan_sessions.c.keys())
    await store.put(session, scan_sessions, [one.model_dump(include=kept) for one in opened])
    await store.end_scan_sessions(session, [(one.session_id, one.ended_at) for one in ended])
