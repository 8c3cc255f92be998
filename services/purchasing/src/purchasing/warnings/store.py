"""Keeps what was warned of, and who has read it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, RowMapping, Select, Text, bindparam, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.warnings.domain import Addressee, Told, UnknownWarning
from purchasing.warnings.tables import warning_levels, warning_reads, warnings

DOCUMENT = ("document_kind", "document_id", "document_number")


async def keep_raised(session: AsyncSession, told: Sequence[Told]) -> None:
    """Keep warnings that were raised, or went up one level; each level is kept once."""
    if not told:
        return
    statement = insert(warnings)
    # Of one warning each role is named once, whatever levels it was told on.
    both = func.array_cat(warnings.c.roles, statement.excluded.roles, type_=ARRAY(Text))
    one = func.unnest(both).column_valued("role")
    changed: dict[str, Any] = {
        "severity": statement.excluded.severity,
        "level": statement.excluded.level,
        "roles": select(func.array_agg(one.distinct())).scalar_subquery(),
        # What was scanned has become a receipt meanwhile, perhaps.
        **{name: statement.excluded[name] for name in DOCUMENT},
    }
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["warning_id"],
            set_=changed,
            where=warnings.c.level < statement.excluded.level,
        ),
        [_head(one) for one in told],
    )
    await session.execute(
        insert(warning_levels).on_conflict_do_nothing(), [_level(one) for one in told]
    )


async def keep_cleared(session: AsyncSession, told: Sequence[Told]) -> None:
    """Keep since when the causes of warnings are gone."""
    if not told:
        return
    connection = await session.connection()
    await connection.execute(
        update(warnings)
        .where(warnings.c.warning_id == bindparam("gone"), warnings.c.cleared_at.is_(None))
        .values(cleared_at=bindparam("since_when")),
        [{"gone": one.warning_id, "since_when": one.at} for one in told],
    )


async def keep_read(
    session: AsyncSession, warning_id: UUID, level: int, subject: str, at: datetime
) -> None:
    """Keep that a person has read a warning on its level; the first time counts."""
    row = {"warning_id": warning_id, "subject": subject, "level": level, "read_at": at}
    await session.execute(insert(warning_reads).values(row).on_conflict_do_nothing())


def _head(told: Told) -> dict[str, Any]:
    facts = asdict(told)
    return {**facts, "roles": list(told.roles), "raised_at": facts.pop("at")}


def _level(told: Told) -> dict[str, Any]:
    return {
        "warning_id": told.warning_id,
        "level": told.level,
        "severity": told.severity,
        "roles": list(told.roles),
        "at": told.at,
    }


async def warning(session: AsyncSession, who: Addressee, warning_id: UUID) -> RowMapping:
    """Return a warning that is addressed to somebody, or raise."""
    statement = addressed(who).where(warnings.c.warning_id == warning_id)
    found: RowMapping | None = (await session.execute(statement)).mappings().one_or_none()
    if found is None:
        raise UnknownWarning(warning_id=warning_id)
    return found


def addressed(who: Addressee) -> Select[Any]:
    """Return what reads the warnings addressed to somebody, with when they read them."""
    mine = (
        (warning_reads.c.warning_id == warnings.c.warning_id)
        & (warning_reads.c.subject == who.subject)
        & (warning_reads.c.level == warnings.c.level)
    )
    roles = literal(sorted(who.roles), ARRAY(Text))
    statement = (
        select(warnings, warning_reads.c.read_at)
        .outerjoin(warning_reads, mine)
        .where(warnings.c.roles.op("&&")(roles))
    )
    if who.sites is not None:
        statement = statement.where(warnings.c.site_id.in_(who.sites))
    return statement
