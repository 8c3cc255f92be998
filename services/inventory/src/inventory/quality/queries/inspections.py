"""What waits for an inspection, and what inspections have decided."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, RowMapping, Select, Text, bindparam, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.quality.domain.refusals import UnknownInspection
from inventory.quality.tables import inspection, inspection_part

# First in, first inspected: what is left at a place are the newest of the entries that brought it.
_OPEN = text("""
    select site_id, item_id, warehouse_id, batch_id, sequence, document_id, document_number,
        line_no, posted_at as waiting_since, quantity,
        least(quantity, in_inspection - newer) as waiting
    from stock_balance as balance cross join lateral (
        select sequence, document_id, document_number, line_no, posted_at, quantity,
            sum(quantity) over (order by sequence desc) - quantity as newer
        from ledger_entry as entry
        where target = 'in_inspection' and entry.site_id = balance.site_id
            and entry.item_id = balance.item_id and entry.warehouse_id = balance.warehouse_id
            and entry.batch_id = balance.batch_id
    ) as entered
    where in_inspection > 0 and newer < in_inspection
        and (:sites is null or site_id = any(:sites))
        and (:warehouse is null or warehouse_id = :warehouse)
        and (:item is null or item_id = :item)
        and (site_id, item_id, warehouse_id, batch_id, sequence)
            > (:after_site, :after_item, :after_warehouse, :after_batch, :after_sequence)
    order by site_id, item_id, warehouse_id, batch_id, sequence
    limit :limit
""").bindparams(
    bindparam("sites", type_=ARRAY(Text)),
    bindparam("warehouse", type_=Text),
    bindparam("item", type_=Text),
)


@dataclass(frozen=True)
class Wanted:
    """Which places are asked for; None means any."""

    sites: Collection[str] | None
    warehouse_id: str | None = None
    item_id: str | None = None


@dataclass(frozen=True)
class After:
    """The last row of the page before."""

    site_id: str = ""
    item_id: str = ""
    warehouse_id: str = ""
    batch_id: str = ""
    sequence: int = 0


async def waiting(
    session: AsyncSession, wanted: Wanted, after: After, limit: int
) -> Sequence[RowMapping]:
    """List what waits for an inspection, by the ledger entry that brought it."""
    given = {
        "sites": None if wanted.sites is None else sorted(wanted.sites),
        "warehouse": wanted.warehouse_id,
        "item": wanted.item_id,
        "after_site": after.site_id,
        "after_item": after.item_id,
        "after_warehouse": after.warehouse_id,
        "after_batch": after.batch_id,
        "after_sequence": after.sequence,
        "limit": limit,
    }
    return (await session.execute(_OPEN, given)).mappings().all()


@dataclass(frozen=True)
class Recorded:
    """An inspection with its parts."""

    inspection: RowMapping
    parts: list[RowMapping]


async def recorded(
    session: AsyncSession, wanted: Wanted, after: tuple[str, UUID] | None, limit: int
) -> list[Recorded]:
    """List inspections by site and time."""
    table, key = inspection.c, (inspection.c.site_id, inspection.c.inspection_id)
    query = select(inspection).order_by(*key).limit(limit)
    if wanted.sites is not None:
        query = query.where(table.site_id.in_(wanted.sites))
    if wanted.warehouse_id is not None:
        query = query.where(table.warehouse_id == wanted.warehouse_id)
    if wanted.item_id is not None:
        query = query.where(table.item_id == wanted.item_id)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    return await _with_parts(session, query)


async def one_recorded(session: AsyncSession, inspection_id: UUID) -> Recorded:
    """Return an inspection, or raise `UnknownInspection`."""
    query = select(inspection).where(inspection.c.inspection_id == inspection_id)
    found = await _with_parts(session, query)
    if not found:
        raise UnknownInspection(inspection_id=inspection_id)
    return found[0]


async def _with_parts(session: AsyncSession, query: Select[Any]) -> list[Recorded]:
    rows = (await session.execute(query)).mappings().all()
    part = inspection_part.c
    keys = {(row["site_id"], row["inspection_id"]) for row in rows}
    wanted = (
        select(inspection_part)
        .where(tuple_(part.site_id, part.inspection_id).in_(keys))
        .order_by(part.inspection_id, part.part_no)
    )
    parts = defaultdict[UUID, list[RowMapping]](list)
    for row in (await session.execute(wanted)).mappings() if keys else ():
        parts[row["inspection_id"]].append(row)
    return [Recorded(row, parts[row["inspection_id"]]) for row in rows]
