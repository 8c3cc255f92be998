"""Escalate clocks whose time is over: one level each time it is over again, each said once."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import PurchasingWarningRaised
from purchasing.clocks import store
from purchasing.clocks.domain import Clock
from servicekit import outbox
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
        PurchasingWarningRaised(**warning_of(clock, roles, at))
        for clock in await store.due(session, at, CLOCKS_AT_ONCE)
        if (roles := clock.escalate(at, new_id()))
    ]
    await outbox.add(session, told)


def warning_of(clock: Clock, roles: tuple[str, ...], at: datetime) -> dict[str, Any]:
    """Return what the facts about a clock's warning say."""
    return {
        "warning_id": clock.warning_id,
        "cause": f"{clock.kind.value}_overdue",
        "severity": "warning" if clock.level else "notice",
        "site_id": clock.site_id,
        "supplier_id": clock.supplier_id,
        "document_kind": "receipt",
        "document_id": clock.document_id,
        "document_number": clock.number,
        "level": clock.level,
        "roles": roles,
        "since": clock.late_since(),
        "at": at,
    }
