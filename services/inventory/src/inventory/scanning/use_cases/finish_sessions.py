"""Finish sessions and say so: others let nobody scan in them any more."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ScanSessionEnded
from inventory.scanning.domain.sessions import End, ScanSession
from servicekit import outbox
from servicekit.clock import now


async def finish_sessions(session: AsyncSession, held: Iterable[ScanSession], end: End) -> None:
    """End the locked sessions; those that had ended before are passed over."""
    at = now()
    ended = [one for one in held if one.finish(end, at)]
    await outbox.add(session, [_fact(one) for one in ended])


def _fact(held: ScanSession) -> ScanSessionEnded:
    return ScanSessionEnded(
        session_id=held.session_id,
        site_id=held.site_id,
        ended_at=held.ended_at or held.expires_at,
        end=(held.end or End.EXPIRED).value,
    )
