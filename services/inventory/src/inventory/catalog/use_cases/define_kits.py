"""Define kits: a change of what a kit is made of is a version of its own."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store
from inventory.catalog.domain import Item, Kit, KitOfKits, KitOfTracked, Tracking, UnknownItem
from inventory.catalog.use_cases.announce_items import announce_items
from servicekit.clock import now
from servicekit.errors import Refusal
from sheets.imports import ImportReport, Outcome


async def define_kits(
    session: AsyncSession, lines: Mapping[int, Kit], defined_by: str
) -> ImportReport:
    """Keep kits given by line number; what a kit was made of before stays known."""
    report, at = ImportReport(), now()
    named = {part for kit in lines.values() for part in (kit.item_id, *kit.component_ids)}
    items = await store.lock_known_items(session, named)
    before = await store.load_kits(session, items)
    present = dict(before)
    for line, given in lines.items():
        try:
            _check(items, given)
            if _same(present.get(given.item_id), given):
                report.count(Outcome.UNCHANGED)
                continue
            version = items[given.item_id].become_kit()
        except Refusal as refusal:
            report.refused[line] = refusal
            continue
        for component_id in given.component_ids:
            items[component_id].in_use = True
        present[given.item_id] = kit = replace(given, version=version)
        await store.add_kit(session, kit, defined_by, at)
        report.count(Outcome.CHANGED)
    made = {kit.item_id for line, kit in lines.items() if line not in report.refused}
    await announce_items(session, [items[item_id] for item_id in made - before.keys()])
    return report


async def define_kit(session: AsyncSession, given: Kit, defined_by: str) -> Outcome:
    """Keep one kit, or raise why it can't be."""
    report = await define_kits(session, {1: given}, defined_by)
    for refusal in report.refused.values():
        raise refusal
    return Outcome.ADDED if report.accepted else Outcome.UNCHANGED


def _check(items: Mapping[str, Item], kit: Kit) -> None:
    for item_id in (kit.item_id, *kit.component_ids):
        if item_id not in items:
            raise UnknownItem(item_id=item_id)
    for component in kit.components:
        item = items[component.item_id]
        if item.is_kit or component.item_id == kit.item_id:
            raise KitOfKits(component_id=component.item_id)
        if item.tracking is not Tracking.NONE:
            raise KitOfTracked(component_id=component.item_id, tracking=item.tracking.value)
        item.must_hold(component.quantity)


def _same(present: Kit | None, given: Kit) -> bool:
    return present is not None and set(present.components) == set(given.components)
