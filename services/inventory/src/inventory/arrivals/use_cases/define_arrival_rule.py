"""Define an arrival rule: make it, or a new version of it."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.arrivals import store
from inventory.arrivals.domain import ArrivalRule
from inventory.catalog import store as catalog


async def define_arrival_rule(
    session: AsyncSession, given: ArrivalRule
) -> tuple[ArrivalRule, bool]:
    """Return the present version, and whether the rule is new; the same again changes nothing."""
    await catalog.must_know_warehouses(session, {(given.site_id, given.warehouse_id)})
    if given.terms.item_id is not None:
        await catalog.load_items(session, [given.terms.item_id])
    if await store.add_rule(session, given):
        return given, True
    present = await store.lock_rule(session, given.site_id, given.rule_id)
    if present.says_the_same_as(given):
        return present, False
    newer = replace(given, version=present.version + 1)
    await store.retire_rule(session, present, given.changed_at)
    await store.add_rule(session, newer)
    return newer, False
