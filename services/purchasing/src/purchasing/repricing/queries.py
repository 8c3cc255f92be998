"""Corrections of prices as finance looks at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.repricing.domain import Repricing, RepricingStatus, UnknownRepricing
from purchasing.repricing.tables import repricings


@dataclass(frozen=True, kw_only=True)
class RepricingFilter:
    """Which corrections are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    receipt_id: UUID | None = None
    status: RepricingStatus | None = None


async def repricing(session: AsyncSession, repricing_id: UUID) -> Repricing:
    """Return a correction with its lines."""
    found = await session.get(Repricing, repricing_id)
    if found is None:
        raise UnknownRepricing(repricing_id=repricing_id)
    return found


async def repricings_before(
    session: AsyncSession, wanted: RepricingFilter, before: UUID | None, limit: int
) -> Sequence[Repricing]:
    """Return corrections with their lines, the newest first."""
    statement = select(Repricing).order_by(repricings.c.repricing_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(repricings.c.repricing_id < before)
    for name in ("site_id", "receipt_id", "status"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(repricings.c[name] == value)
    if wanted.sites is not None:
        statement = statement.where(repricings.c.site_id.in_(wanted.sites))
    return (await session.scalars(statement)).all()
