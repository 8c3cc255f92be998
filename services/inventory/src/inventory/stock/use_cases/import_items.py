"""Import items line by line: what one line does wrong keeps no other line out.

An item that took free goods in is put up for sale only when nothing of it is left. Its row is
locked then, as by whoever takes free goods in.
"""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store
from inventory.catalog.domain import GtinTaken, Item, ItemRepeated
from inventory.catalog.use_cases.announce_items import announce_items
from inventory.stock.store import find_remains
from servicekit.errors import Refusal
from sheets.imports import ImportReport


async def import_items(session: AsyncSession, lines: Mapping[int, Item]) -> ImportReport:
    """Create or update the items of an import, given by line number."""
    report = ImportReport()
    firsts = await _first_lines(session, lines, report)
    newer = {item_id: lines[line] for item_id, line in firsts.items()}
    added = await store.add_items(session, newer.values())
    known = await store.lock_items(session, newer.keys() - added)
    changed = [newer[item_id] for item_id in added]
    free = [one for one in known.values() if one.would_sell_free_goods(newer[one.item_id])]
    remains = await find_remains(session, [one.item_id for one in free]) if free else {}
    for one in free:
        one.took_free = one.item_id in remains
    for item_id, present in known.items():
        try:
            if item_id in remains:
                raise remains[item_id].refusal(item_id)
            if present.revise(newer[item_id]):
                changed.append(present)
            else:
                report.unchanged += 1
        except Refusal as refusal:
            report.refused[firsts[item_id]] = refusal
    report.accepted = len(changed)
    await announce_items(session, changed)
    return report


async def _first_lines(
    session: AsyncSession, lines: Mapping[int, Item], report: ImportReport
) -> dict[str, int]:
    """Return the line of each item, refusing those that repeat one or take another's GTIN."""
    firsts = dict[str, int]()
    gtins = {given.gtin for given in lines.values() if given.gtin}
    holders = await store.find_gtins(session, gtins) if gtins else {}
    for line, given in lines.items():
        holder = holders.setdefault(given.gtin, given.item_id) if given.gtin else given.item_id
        if holder != given.item_id:
            report.refused[line] = GtinTaken(gtin=given.gtin, holder=holder)
        elif firsts.setdefault(given.item_id, line) != line:
            report.refused[line] = ItemRepeated(item_id=given.item_id)
    return firsts
