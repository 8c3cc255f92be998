"""Lists of arrival rules."""

from collections.abc import Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.arrivals.domain import ArrivalRule
from inventory.arrivals.store import CURRENT, rule_of
from inventory.arrivals.tables import arrival_rule


async def rules(
    session: AsyncSession, site_id: str, after: tuple[int, str] | None, limit: int
) -> Sequence[ArrivalRule]:
    """List a site's present rules in the order in which they are asked."""
    table = arrival_rule.c
    key = (table.priority, table.rule_id)
    wanted = (
        select(arrival_rule).where(table.site_id == site_id, CURRENT).order_by(*key).limit(limit)
    )
    if after is not None:
        wanted = wanted.where(tuple_(*key) > tuple_(*after))
    return [rule_of(row) for row in await session.execute(wanted)]


async def versions(
    session: AsyncSession, site_id: str, rule_id: str, after: int, limit: int
) -> Sequence[ArrivalRule]:
    """List all versions of a rule, the first one first."""
    table = arrival_rule.c
    wanted = (
        select(arrival_rule)
        .where(table.site_id == site_id, table.rule_id == rule_id, table.version > after)
        .order_by(table.version)
        .limit(limit)
    )
    return [rule_of(row) for row in await session.execute(wanted)]
