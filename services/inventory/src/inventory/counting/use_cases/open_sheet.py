"""Open a count sheet: the places to count, with what the books hold at each."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.catalog.domain import Tracking
from inventory.counting import store
from inventory.counting.domain.count_refusals import WarehouseNotNamed
from inventory.counting.domain.counts import Opening, Tolerance
from inventory.counting.domain.line import CountLine
from inventory.counting.domain.refusals import NothingToCount, TooMuchToCount
from inventory.counting.domain.sheet import CountSheet
from inventory.counting.store import Scope
from inventory.documents import store as documents
from inventory.stock import store as books
from inventory.stock.domain import Place
from servicekit.clock import now
from servicekit.ids import new_id

LINES_MAX = 10_000
PREFIX = "CS"

Openings = Mapping[Place, tuple[Opening, bool]]


@dataclass(frozen=True)
class Wanted:
    """What is to be counted, and how."""

    scope: Scope
    blind: bool
    tolerance: Tolerance


async def open_sheet(session: AsyncSession, wanted: Wanted, opened_by: str) -> CountSheet:
    """Return a sheet of all that is in the scope; nothing on it is on another open sheet."""
    scope, at = wanted.scope, now()
    site = await catalog.load_site(session, scope.site_id)
    if scope.warehouse_id is not None:
        await catalog.must_know_warehouses(session, {(scope.site_id, scope.warehouse_id)})
    openings = await _openings(session, scope)
    sheet = CountSheet(
        sheet_id=new_id(),
        number="",
        site_id=scope.site_id,
        warehouse_id=scope.warehouse_id,
        category=scope.category,
        abc_class=scope.abc_class,
        blind=wanted.blind,
        tolerance_quantity=wanted.tolerance.quantity,
        tolerance_percent=wanted.tolerance.percent,
        lines=len(openings),
        opened_at=at,
        opened_by=opened_by,
    )
    lines = [
        CountLine(line_no=line_no, place=place, opening=opening, by_serial=serial, rounds=[at])
        for line_no, (place, (opening, serial)) in enumerate(openings.items(), start=1)
    ]
    await store.add_lines(session, sheet, lines)
    day = site.day_of(at)
    sheet.number = await documents.next_number(session, PREFIX, sheet.site_id, day)
    await store.add_sheet(session, sheet)
    return sheet


async def _openings(session: AsyncSession, scope: Scope) -> Openings:
    found: Openings = await store.places_to_count(session, scope, LINES_MAX + 1)
    openings = {**found, **await _named(session, scope, found)}
    if not openings:
        raise NothingToCount
    if len(openings) > LINES_MAX:
        raise TooMuchToCount(most=LINES_MAX)
    return openings


async def _named(session: AsyncSession, scope: Scope, found: Openings) -> Openings:
    """Return the named places of which the books hold nothing: they are counted all the same."""
    if not scope.goods:
        return {}
    if scope.warehouse_id is None:
        raise WarehouseNotNamed(item_id=scope.goods[0].item_id)
    items = await catalog.take_into_use(session, {one.item_id for one in scope.goods})
    batches = {(one.item_id, one.batch_id) for one in scope.goods if one.batch_id}
    await books.load_batches(session, batches)
    named = {
        Place(scope.site_id, one.item_id, scope.warehouse_id, one.batch_id): items[one.item_id]
        for one in scope.goods
        if one.batch_id or items[one.item_id].tracking is not Tracking.BATCH
    }
    return {
        place: (Opening(), item.tracking is Tracking.SERIAL)
        for place, item in named.items()
        if place not in found
    }
