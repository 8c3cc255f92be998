"""Escalate clocks whose time is over: one level each time it is over again, each said once."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.clocks import store
from purchasing.clocks.domain import Clock
from purchasing.warnings.domain import Told, WarningCause
from purchasing.warnings.use_cases.tell_warnings import raise_warnings
from servicekit.clock import now
from servicekit.database import Database
from servicekit.ids import new_id

CLOCKS_AT_ONCE = 200


async def watch_clocks(database: Database) -> None:
    """Escalate what is due; what is left over is found the next time."""
    async with database.transaction() as session:
        await _escalate(session, now())


async def _escalate(session: AsyncSession, at: datetime) -> None:
    told = [
        warning_of(clock, roles, at)
        for clock in await store.due(session, at, CLOCKS_AT_ONCE)
        if (roles := clock.escalate(at, new_id()))
    ]
    await raise_warnings(session, told)


def warning_of(clock: Clock, roles: tuple[str, ...], at: datetime) -> Told:
    """Return what is said of the warning of a clock that ran over, now or before."""
    if clock.warning_id is None or clock.level is None:
        raise ValueError(f"clock {clock.number} never ran over")
    return Told(
        warning_id=clock.warning_id,
        cause=WarningCause(f"{clock.kind.value}_overdue"),
        severity="warning" if clock.level else "notice",
        site_id=clock.site_id,
        supplier_id=clock.supplier_id,
        document_kind=clock.document_kind,
        document_id=clock.document_id,
        document_number=clock.number,
        level=clock.level,
        roles=roles,
        since=clock.late_since(),
        at=at,
    )
