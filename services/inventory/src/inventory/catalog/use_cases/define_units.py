"""Define units of items: each change is a version of its own, which counts from a moment on."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import UnitDefined
from inventory.catalog import store
from inventory.catalog.domain import BaseUnitGiven, Item, UnitConversion, UnknownItem
from servicekit import outbox
from servicekit.errors import Refusal
from sheets.imports import ImportReport, Outcome

Conversions = dict[tuple[str, str], UnitConversion]


async def define_units(
    session: AsyncSession, lines: Mapping[int, UnitConversion], defined_by: str, at: datetime
) -> ImportReport:
    """Keep conversions given by line number; each is the next version of its unit.

    A new version counts from the moment `at`, or later: what was converted before stays.
    """
    report = ImportReport()
    items = await store.lock_known_items(session, {given.item_id for given in lines.values()})
    last = await store.last_conversions(session, items)
    added = list[UnitConversion]()
    for line, given in lines.items():
        try:
            newer = _next_version(items, last, given, at)
        except Refusal as refusal:
            report.refused[line] = refusal
            continue
        report.count(Outcome.CHANGED if newer else Outcome.UNCHANGED)
        if newer:
            added.append(newer)
            last[newer.item_id, newer.unit] = newer
            items[newer.item_id].in_use = True
    await store.add_conversions(session, added, defined_by)
    await outbox.add(session, [_defined(one) for one in added])
    return report


async def define_unit(
    session: AsyncSession, given: UnitConversion, defined_by: str, at: datetime
) -> Outcome:
    """Keep one conversion, or raise why it can't be."""
    report = await define_units(session, {1: given}, defined_by, at)
    for refusal in report.refused.values():
        raise refusal
    return Outcome.ADDED if report.accepted else Outcome.UNCHANGED


def _next_version(
    items: Mapping[str, Item], last: Conversions, given: UnitConversion, at: datetime
) -> UnitConversion | None:
    item = items.get(given.item_id)
    if item is None:
        raise UnknownItem(item_id=given.item_id)
    if given.unit == item.base_unit:
        raise BaseUnitGiven(item_id=item.item_id, unit=given.unit)
    present = last.get((given.item_id, given.unit))
    if present is None:
        return given
    return None if present.ratio == given.ratio else present.follow(given, at)


def _defined(one: UnitConversion) -> UnitDefined:
    return UnitDefined(
        item_id=one.item_id,
        unit=one.unit,
        version=one.version,
        numerator=one.numerator,
        denominator=one.denominator,
        valid_from=one.valid_from,
    )
