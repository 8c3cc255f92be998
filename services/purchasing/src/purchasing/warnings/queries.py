"""Warnings as those look at them whom they are addressed to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import RowMapping, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.warnings import store
from purchasing.warnings.domain import Addressee, WarningCause
from purchasing.warnings.tables import warning_levels, warning_reads, warnings

State = Literal["open", "cleared", "any"]
Position = tuple[datetime, UUID]


@dataclass(frozen=True, kw_only=True)
class WarningFilter:
    """Which warnings are looked for; None means any."""

    state: State = "open"
    site_id: str | None = None
    supplier_id: str | None = None
    cause: WarningCause | None = None
    document_id: UUID | None = None
    unread: bool | None = None


async def warnings_before(
    session: AsyncSession,
    who: Addressee,
    wanted: WarningFilter,
    before: Position | None,
    limit: int,
) -> Sequence[RowMapping]:
    """Return warnings addressed to somebody, the newest first."""
    statement = store.addressed(who).order_by(
        warnings.c.raised_at.desc(), warnings.c.warning_id.desc()
    )
    if wanted.state != "any":
        is_open = warnings.c.cleared_at.is_(None)
        statement = statement.where(is_open if wanted.state == "open" else ~is_open)
    for name in ("site_id", "supplier_id", "cause", "document_id"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(warnings.c[name] == value)
    if wanted.unread is not None:
        not_read = warning_reads.c.read_at.is_(None)
        statement = statement.where(not_read if wanted.unread else ~not_read)
    if before is not None:
        place = tuple_(*(literal(part) for part in before))
        statement = statement.where(tuple_(warnings.c.raised_at, warnings.c.warning_id) < place)
    rows: Sequence[RowMapping] = (await session.execute(statement.limit(limit))).mappings().all()
    return rows


async def levels_of(
    session: AsyncSession, warning_ids: Collection[UUID]
) -> dict[UUID, list[RowMapping]]:
    """Return for each warning whom it was told to on each level, and when."""
    statement = (
        select(warning_levels)
        .where(warning_levels.c.warning_id.in_(warning_ids))
        .order_by(warning_levels.c.warning_id, warning_levels.c.level)
    )
    found = dict[UUID, list[RowMapping]]()
    for row in (await session.execute(statement)).mappings():
        found.setdefault(row["warning_id"], []).append(row)
    return found
