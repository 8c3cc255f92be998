"""Loads sessions and their works."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.scanning.domain.sessions import NoSession, ScanSession, UnknownSession
from inventory.scanning.domain.works import UnknownWork, Work
from inventory.scanning.tables import scan_session, scan_work


async def load_session(session: AsyncSession, session_id: UUID) -> ScanSession:
    """Return a session, or raise `UnknownSession`."""
    wanted = select(ScanSession).where(scan_session.c.session_id == session_id)
    return _known(await session.scalar(wanted), session_id)


async def lock_session(session: AsyncSession, session_id: UUID) -> ScanSession:
    """Return a session, locked, or raise `UnknownSession`."""
    wanted = select(ScanSession).where(scan_session.c.session_id == session_id)
    return _known(await session.scalar(wanted.with_for_update(key_share=True)), session_id)


async def lock_sessions(
    session: AsyncSession, session_ids: Sequence[UUID]
) -> dict[UUID, ScanSession]:
    """Return sessions, locked in the order of their ids, or raise `UnknownSession`."""
    wanted = (
        select(ScanSession)
        .where(scan_session.c.session_id.in_(session_ids))
        .order_by(scan_session.c.session_id)
        .with_for_update(key_share=True)
    )
    found = {one.session_id: one for one in await session.scalars(wanted)}
    return {session_id: _known(found.get(session_id), session_id) for session_id in session_ids}


async def lock_running(
    session: AsyncSession, site_id: str, user_id: str | None, device_id: str
) -> Sequence[ScanSession]:
    """Return the sessions, locked, of the user and of the device, that nobody has ended."""
    table = scan_session.c
    theirs = (table.site_id == site_id) & (table.device_id == device_id)
    if user_id is not None:
        theirs |= table.user_id == user_id
    wanted = (
        select(ScanSession)
        .where(table.ended_at.is_(None), theirs)
        .order_by(table.session_id)
        .with_for_update(key_share=True)
    )
    return (await session.scalars(wanted)).all()


async def load_current(session: AsyncSession, user_id: str, at: datetime) -> ScanSession:
    """Return the session that a user has open, or raise `NoSession`."""
    table = scan_session.c
    wanted = select(ScanSession).where(
        table.user_id == user_id, table.ended_at.is_(None), table.expires_at > at
    )
    found = await session.scalar(wanted)
    if found is None:
        raise NoSession
    return found


def _known(found: ScanSession | None, session_id: UUID) -> ScanSession:
    if found is None:
        raise UnknownSession(session_id=session_id)
    return found


async def lock_work(session: AsyncSession, held_by: ScanSession, work_id: UUID) -> Work:
    """Return a work that the session holds, locked, or raise `UnknownWork`."""
    lock = {"key_share": True}
    found = await session.get(Work, (held_by.site_id, work_id), with_for_update=lock)
    if found is None or found.session_id != held_by.session_id:
        raise UnknownWork(session_id=held_by.session_id, work_id=work_id)
    return found


async def lock_works(session: AsyncSession, held_by: ScanSession) -> Sequence[Work]:
    """Return the unfinished works, locked, that the session may scan for.

    The one it worked on last is among them even if another session has taken it over: what was
    scanned for it without a connection may arrive after that.
    """
    table = scan_work.c
    its_own = table.session_id == held_by.session_id
    wanted = (
        select(Work)
        .where(
            table.site_id == held_by.site_id,
            its_own | (table.work_id == held_by.work_id),
            table.finished_at.is_(None),
        )
        .order_by(table.work_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(wanted)).all()


async def load_works(session: AsyncSession, held_by: ScanSession) -> Sequence[Work]:
    """Return all works that the session holds, the first one first."""
    table = scan_work.c
    wanted = (
        select(Work)
        .where(table.site_id == held_by.site_id, table.session_id == held_by.session_id)
        .order_by(table.work_id)
    )
    return (await session.scalars(wanted)).all()


async def hand_over(session: AsyncSession, before: ScanSession, to: ScanSession) -> list[UUID]:
    """Let a session hold the works that another one left unfinished; return which."""
    table = scan_work.c
    moved = (
        update(scan_work)
        .where(
            table.site_id == before.site_id,
            table.session_id == before.session_id,
            table.finished_at.is_(None),
        )
        .values(session_id=to.session_id)
        .returning(table.work_id)
    )
    return sorted((await session.scalars(moved)).all())
