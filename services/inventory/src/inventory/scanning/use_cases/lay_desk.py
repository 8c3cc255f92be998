"""Lay the desk: look up, for a whole upload at once, all that its codes may stand for."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.devices import store as devices
from inventory.scanning.domain.desk import Desk
from inventory.scanning.domain.gs1 import Label
from inventory.scanning.domain.reading import Reading
from inventory.scanning.domain.scans import GivenScan
from inventory.scanning.domain.sessions import ScanSession
from inventory.scanning.domain.understanding import Directory, codes_of, names_of, text_of
from inventory.scanning.domain.works import Work
from inventory.scanning.store import doors, known, scans, sessions
from servicekit.errors import Refusal

Readings = Mapping[UUID, Reading | Refusal]
"""What each scan's code says, or why it says nothing."""


async def lay_desk(
    session: AsyncSession, held: ScanSession, given: Sequence[GivenScan], readings: Readings
) -> Desk:
    """Return the desk of a locked session for these scans."""
    works = {one.work_id: one for one in await sessions.lock_works(session, held)}
    codes = {one.code for one in given}
    directory = await _directory(session, held, given, readings)
    serials = _serials(given, readings) | {unit.serial for unit in directory.serials.values()}
    return Desk(
        held=held,
        works=works,
        directory=directory,
        doors=await known.find_doors(session, held.site_id, codes),
        papers=await known.find_papers(session, codes),
        loaded=await known.load_papers(session, _loaded(works)),
        units=await known.places_of(session, directory.items, serials),
        taken={
            (one.work_id, one.goods.item_id, one.goods.serial)
            for one in await scans.load_goods(session, held.site_id, works)
            if one.work_id and one.goods and one.goods.serial
        },
    )


def _loaded(works: Mapping[UUID, Work]) -> set[UUID]:
    return {work.loaded_id for work in works.values() if work.loaded_id}


def _serials(given: Sequence[GivenScan], readings: Readings) -> set[str]:
    said = {one.serial for one in readings.values() if isinstance(one, Label)}
    said |= {text_of(one) for one in readings.values() if not isinstance(one, Label | Refusal)}
    return {serial for serial in said | {one.serial for one in given} if serial}


async def _directory(
    session: AsyncSession, held: ScanSession, given: Sequence[GivenScan], readings: Readings
) -> Directory:
    read = [one for one in readings.values() if not isinstance(one, Refusal)]
    barcodes = await doors.load_barcodes(session, {code for one in read for code in codes_of(one)})
    units = await known.find_units(session, {text_of(one) for one in read} - {""})
    named = {name for one in read for name in names_of(one)}
    named |= {one.item_id for one in barcodes.values()} | {one.item_id for one in units.values()}
    items = {one.item_id: one for one in await known.find_items(session, named)}
    scales = {one.weight.scale_id for one in given if one.weight}
    return Directory(
        site_id=held.site_id,
        barcodes=barcodes,
        items=items,
        item_of_gtin={one.gtin: one.item_id for one in items.values() if one.gtin},
        units=await catalog.load_units(session, items) if items else {},
        serials=units,
        scales=await devices.load_devices(session, held.site_id, scales),
    )
