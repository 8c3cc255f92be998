"""Loads arrival rules, and keeps the copy of what was counted and is on no books yet."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.arrivals.domain import ArrivalRule, Terms
from inventory.arrivals.tables import arrival_rule, unposted_line

TERMS = ("supplier_id", "category", "item_id", "days_left_from", "days_left_below")
ReceiptKey = tuple[str, UUID]
"""Site and id of a receipt."""
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


async def add_unposted(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Add lines of receipts that were drafted."""
    if rows:
        await session.execute(insert(unposted_line).on_conflict_do_nothing(), rows)


async def note_audited(session: AsyncSession, receipts: Collection[ReceiptKey]) -> None:
    """Note that receipts wait for their posting alone."""
    if receipts:
        await session.execute(update(unposted_line).where(_of(receipts)).values(audited=True))


async def drop_unposted(session: AsyncSession, receipts: Collection[ReceiptKey]) -> None:
    """Forget receipts that were posted or cancelled."""
    if receipts:
        await session.execute(delete(unposted_line).where(_of(receipts)))


def _of(receipts: Collection[ReceiptKey]) -> ColumnElement[bool]:
    return tuple_(unposted_line.c.site_id, unposted_line.c.receipt_id).in_(sorted(receipts))


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
