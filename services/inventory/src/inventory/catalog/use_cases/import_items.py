"""Import items line by line: what one line does wrong keeps no other line out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ItemDefined
from inventory.catalog import store
from inventory.catalog.domain import Item, ItemRepeated
from servicekit import outbox
from servicekit.errors import Refusal


@dataclass
class ImportReport:
    """What became of each line."""

    accepted: int = 0
    unchanged: int = 0
    refused: dict[int, Refusal] = field(default_factory=dict)


async def import_items(session: AsyncSession, lines: Mapping[int, Item]) -> ImportReport:
    """Create or update the items of an import, given by line number."""
    report, firsts = ImportReport(), dict[str, int]()
    for line, given in lines.items():
        if firsts.setdefault(given.item_id, line) != line:
            report.refused[line] = ItemRepeated(item_id=given.item_id)
    newer = {item_id: lines[line] for item_id, line in firsts.items()}
    added = await store.add_items(session, newer.values())
    known = await store.lock_items(session, newer.keys() - added)
    changed = list(added)
    for item_id, present in known.items():
        try:
            if present.revise(newer[item_id]):
                changed.append(item_id)
            else:
                report.unchanged += 1
        except Refusal as refusal:
            report.refused[firsts[item_id]] = refusal
    report.accepted = len(changed)
    await outbox.add(session, [_fact(newer[item_id]) for item_id in sorted(changed)])
    return report


def _fact(item: Item) -> ItemDefined:
    return ItemDefined(
        item_id=item.item_id,
        name=item.name,
        base_unit=item.base_unit,
        scale=item.scale,
        category=item.category,
        tracking=item.tracking.value,
        for_sale=item.for_sale,
        disabled=item.disabled,
        shelf_life_days=item.shelf_life_days,
    )
