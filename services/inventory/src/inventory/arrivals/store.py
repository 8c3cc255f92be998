"""Loads of arrival rules, and what was decided by them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.arrivals.domain import ArrivalRule, Terms
from inventory.arrivals.tables import arrival_rule

TERMS = ("supplier_id", "category", "item_id", "days_left_from", "days_left_below")
CURRENT = arrival_rule.c.retired_at.is_(None)


async def load_rules(
    session: AsyncSession, site_ids: Collection[str]
) -> dict[str, list[ArrivalRule]]:
    """Return the present rules of each site."""
    table = arrival_rule.c
    rows = await session.execute(
        select(arrival_rule).where(table.site_id.in_(set(site_ids)), CURRENT)
    )
    rules: dict[str, list[ArrivalRule]] = {site_id: [] for site_id in site_ids}
    for row in rows:
        rules[row.site_id].append(rule_of(row))
    return rules


async def add_rule(session: AsyncSession, given: ArrivalRule) -> bool:
    """Add a version of a rule; return False if there is that version already."""
    row = {
        "site_id": given.site_id,
        "rule_id": given.rule_id,
        "version": given.version,
        "priority": given.priority,
        "warehouse_id": given.warehouse_id,
        **{name: getattr(given.terms, name) for name in TERMS},
        "active": given.active,
        "changed_at": given.changed_at,
        "changed_by": given.changed_by,
    }
    key = ["site_id", "rule_id", "version"]
    added = insert(arrival_rule).values(row).on_conflict_do_nothing(index_elements=key)
    return await session.scalar(added.returning(arrival_rule.c.version)) is not None


async def lock_rule(session: AsyncSession, site_id: str, rule_id: str) -> ArrivalRule:
    """Return the present version of a rule that is there; nobody else changes it meanwhile.

    What is locked is the first version, which stays: whoever waited for the present one would find
    it retired, and not see the one that took its place.
    """
    table = arrival_rule.c
    versions = select(arrival_rule).where(table.site_id == site_id, table.rule_id == rule_id)
    await session.execute(versions.where(table.version == 1).with_for_update(key_share=True))
    return rule_of((await session.execute(versions.where(CURRENT))).one())


async def retire_rule(session: AsyncSession, given: ArrivalRule, at: datetime) -> None:
    """Let a version no longer decide."""
    table = arrival_rule.c
    wanted = update(arrival_rule).where(
        table.site_id == given.site_id,
        table.rule_id == given.rule_id,
        table.version == given.version,
    )
    await session.execute(wanted.values(retired_at=at))


def rule_of(row: Row[Any]) -> ArrivalRule:
    """Return the rule a row describes."""
    return ArrivalRule(
        site_id=row.site_id,
        rule_id=row.rule_id,
        version=row.version,
        priority=row.priority,
        warehouse_id=row.warehouse_id,
        terms=Terms(**{name: getattr(row, name) for name in TERMS}),
        active=row.active,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
