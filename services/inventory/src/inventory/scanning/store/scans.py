"""Keeps scans, and gathers those that make up a work."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, Update, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain.weights import Weight
from inventory.scanning.domain.refusals import UnknownScan
from inventory.scanning.domain.scans import Refused, Scan
from inventory.scanning.domain.works import Goods, ScannedLine
from inventory.scanning.tables import scan

GOODS = ("item_id", "quantity", "unit", "batch_id", "serial", "manufactured_on", "expires_on")
WEIGHT = ("scale_id", "gross", "tare", "net", "weight_unit", "weighed_at")
PLAIN = (
    "scan_id",
    "site_id",
    "session_id",
    "sequence",
    "code",
    "scanned_at",
    "received_at",
    "said",
    "meaning",
    "work_id",
    "withdrawn_at",
    "line_no",
)


async def load_scans(
    session: AsyncSession, site_id: str, scan_ids: Collection[UUID]
) -> dict[UUID, Scan]:
    """Return those scans of a site that there are."""
    wanted = select(scan).where(scan.c.site_id == site_id, scan.c.scan_id.in_(set(scan_ids)))
    return {row["scan_id"]: scan_of(row) for row in (await session.execute(wanted)).mappings()}


async def load_scan(session: AsyncSession, site_id: str, scan_id: UUID) -> Scan:
    """Return a scan of a site, or raise `UnknownScan`."""
    found = await load_scans(session, site_id, [scan_id])
    if scan_id not in found:
        raise UnknownScan(scan_id=scan_id)
    return found[scan_id]


async def load_goods(session: AsyncSession, site_id: str, work_ids: Collection[UUID]) -> list[Scan]:
    """Return the scans that count for works, in the order in which they were made."""
    wanted = (
        select(scan)
        .where(
            scan.c.site_id == site_id,
            scan.c.work_id.in_(set(work_ids)),
            scan.c.withdrawn_at.is_(None),
            scan.c.item_id.is_not(None),
        )
        .order_by(scan.c.scanned_at, scan.c.session_id, scan.c.sequence)
    )
    return [scan_of(row) for row in (await session.execute(wanted)).mappings()]


async def add_scans(session: AsyncSession, scans: Iterable[Scan]) -> None:
    """Keep scans as they were understood, or refused."""
    if rows := [_row(one) for one in scans]:
        await session.execute(insert(scan), rows)


async def withdraw_scan(session: AsyncSession, given: Scan, at: datetime) -> None:
    """Let a scan no longer count."""
    await session.execute(_one(given.site_id, given.scan_id).values(withdrawn_at=at))


async def settle_scan(session: AsyncSession, given: Scan, how: str, by: str, at: datetime) -> None:
    """Note what became of goods that were taken to the wrong door."""
    done = {"settlement": how, "settled_by": by, "settled_at": at}
    await session.execute(_one(given.site_id, given.scan_id).values(**done))


async def number_scans(
    session: AsyncSession, site_id: str, lines: Sequence[tuple[int, ScannedLine]]
) -> None:
    """Note which line of the document each scan counts in."""
    numbered = (
        update(scan)
        .where(scan.c.site_id == site_id, scan.c.scan_id == bindparam("of_scan"))
        .values(line_no=bindparam("in_line"))
    )
    rows = [
        {"of_scan": scan_id, "in_line": line_no}
        for line_no, line in lines
        for scan_id in line.scan_ids
    ]
    connection = await session.connection()
    await connection.execute(numbered, rows)


def _one(site_id: str, scan_id: UUID) -> Update:
    return update(scan).where(scan.c.site_id == site_id, scan.c.scan_id == scan_id)


def _row(one: Scan) -> dict[str, object]:
    weight = _columns(WEIGHT, one.weight)
    refused = one.refused
    return {
        **{name: getattr(one, name) for name in PLAIN},
        **_columns(GOODS, one.goods),
        **weight,
        "refusal": refused and refused.code,
        "facts": refused and dict(refused.facts),
        "reason_en": refused and refused.en,
        "reason_zh": refused and refused.zh,
    }


def _columns(names: Sequence[str], of: object | None) -> dict[str, object]:
    own = {"weight_unit": "unit"} if isinstance(of, Weight) else {}
    return {name: None if of is None else getattr(of, own.get(name, name)) for name in names}


def scan_of(row: RowMapping) -> Scan:
    """Return the scan a row describes."""
    goods = None if row["item_id"] is None else Goods(*(row[name] for name in GOODS))
    weight = None if row["scale_id"] is None else Weight(*(row[name] for name in WEIGHT))
    refused = None
    if row["refusal"] is not None:
        refused = Refused(row["refusal"], row["facts"], row["reason_en"], row["reason_zh"])
    plain = {name: row[name] for name in PLAIN}
    return Scan(**plain, goods=goods, weight=weight, refused=refused)
