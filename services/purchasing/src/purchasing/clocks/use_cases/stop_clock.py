"""Stop a clock: what was waited for is there, or nobody waits for it any more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.clocks import store
from purchasing.clocks.domain import ClockKind
from purchasing.clocks.use_cases.watch_clocks import warning_of
from purchasing.warnings.use_cases.tell_warnings import clear_warnings


async def stop_clock(
    session: AsyncSession,
    kind: ClockKind,
    document_id: UUID,
    at: datetime,
    *,
    given_up: bool = False,
) -> None:
    """Stop it if it runs, and clear its warning; of what was given up no figure tells."""
    clock = await store.running(session, kind, document_id)
    if clock is None:
        return
    if told := clock.stop(at):
        await clear_warnings(session, [warning_of(clock, told, at)])
    if given_up:
        await session.delete(clock)
