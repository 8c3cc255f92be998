"""Import items line by line: what one line does wrong keeps no other line out."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store
from inventory.catalog.domain import Item, ItemRepeated
from inventory.catalog.use_cases.announce_items import announce_items
from inventory.catalog.use_cases.report import ImportReport
from servicekit.errors import Refusal


async def import_items(session: AsyncSession, lines: Mapping[int, Item]) -> ImportReport:
    """Create or update the items of an import, given by line number."""
    report, firsts = ImportReport(), dict[str, int]()
    for line, given in lines.items():
        if firsts.setdefault(given.item_id, line) != line:
            report.refused[line] = ItemRepeated(item_id=given.item_id)
    newer = {item_id: lines[line] for item_id, line in firsts.items()}
    added = await store.add_items(session, newer.values())
    known = await store.lock_items(session, newer.keys() - added)
    changed = [newer[item_id] for item_id in added]
    for item_id, present in known.items():
        try:
            if present.revise(newer[item_id]):
                changed.append(present)
            else:
                report.unchanged += 1
        except Refusal as refusal:
            report.refused[firsts[item_id]] = refusal
    report.accepted = len(changed)
    await announce_items(session, changed)
    return report
