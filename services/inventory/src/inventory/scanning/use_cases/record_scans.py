"""Record scans: each by itself, whenever it was made and however often it is sent."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.scanning.domain.desk import Paper
from inventory.scanning.domain.reading import Reading, read
from inventory.scanning.domain.refusals import ScanIdReused
from inventory.scanning.domain.scans import GivenScan, Scan
from inventory.scanning.domain.sessions import ScanSession
from inventory.scanning.store import scans
from inventory.scanning.use_cases.lay_desk import lay_desk
from servicekit.clock import now
from servicekit.errors import Refusal
from servicekit.ids import new_id


async def record_scans(
    session: AsyncSession, held: ScanSession, given: Sequence[GivenScan]
) -> tuple[list[Scan | ScanIdReused], Mapping[str, Paper]]:
    """Return, for each scan given, what became of it; a repeat gets the answer of the first.

    With them, by their codes, the papers that were looked up for those that were new.
    """
    kept = await scans.load_scans(session, held.site_id, [one.scan_id for one in given])
    firsts = {one.scan_id: one for one in reversed(given) if one.scan_id not in kept}
    fresh = [one for one in given if firsts.get(one.scan_id) is one]
    at = now()
    today = (await catalog.load_site(session, held.site_id)).day_of(at)
    readings = {one.scan_id: _read(one.code, today) for one in fresh}
    desk = await lay_desk(session, held, fresh, readings)
    taken = [desk.take(one, readings[one.scan_id], new_id(), at) for one in fresh]
    session.add_all(desk.begun)
    await session.flush()
    await scans.add_scans(session, taken)
    kept |= {one.scan_id: one for one in taken}
    return [_answer(kept[one.scan_id], one) for one in given], desk.papers


def _read(code: str, today: date) -> Reading | Refusal:
    try:
        return read(code, today)
    except Refusal as refusal:
        return refusal


def _answer(kept: Scan, given: GivenScan) -> Scan | ScanIdReused:
    try:
        kept.must_be_repeat_of(given)
    except ScanIdReused as refusal:
        return refusal
    return kept
