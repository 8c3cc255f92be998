"""Proofs over the books. Each compares both sides in one statement, hence at one moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Result, Row, RowMapping, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

Rows = Sequence[Row[Any]]

DIFFERENCES_MAX = 100

# Both sides are narrowed to the sites before they are held against each other: of the books of one
# site, those of all others need not be read.
_COUNTS = """
    select
        (select count(*) from stock_stream where {at_sites}) as streams,
        (select count(*) from ledger_entry where {at_sites}) as entries
"""

# On hand by what entries add to it; in inspection and frozen by what goes in and out of them.
_LEDGER_BALANCES = """
    select site_id, item_id, warehouse_id, batch_id, coalesce(figure, 'on_hand') as figure,
        coalesce(written, 0) as expected, coalesce(kept, 0) as found,
        count(*) over () as differing
    from (
        select site_id, item_id, warehouse_id, batch_id, figure, kept
        from stock_balance cross join lateral (
            values ('on_hand', on_hand), ('in_inspection', in_inspection), ('frozen', frozen)
        ) as figures (figure, kept)
        where {at_sites}
    ) as balances full join (
        select site_id, item_id, warehouse_id, batch_id, figure, sum(added) as written
        from ledger_entry cross join lateral (
            values ('on_hand', change), (source, -quantity), (target, quantity)
        ) as moves (figure, added)
        where figure in ('on_hand', 'in_inspection', 'frozen') and {at_sites}
        group by site_id, item_id, warehouse_id, batch_id, figure
    ) as ledger using (site_id, item_id, warehouse_id, batch_id, figure)
    where coalesce(written, 0) <> coalesce(kept, 0)
    order by site_id, item_id, warehouse_id, batch_id, figure limit :most
"""
_RESERVATIONS_ALLOCATED = """
    select site_id, item_id, warehouse_id, batch_id, 'allocated' as figure,
        coalesce(held, 0) as expected, coalesce(allocated, 0) as found,
        count(*) over () as differing
    from (
        select site_id, item_id, warehouse_id, batch_id, allocated from stock_balance
        where {at_sites}
    ) as balances full join (
        select site_id, item_id, line.warehouse_id, batch_id, sum(outstanding) as held
        from reservation_line as line join reservation using (site_id, reservation_id)
        where status in ('held', 'confirmed') and {at_sites}
        group by site_id, item_id, line.warehouse_id, batch_id
    ) as reserved using (site_id, item_id, warehouse_id, batch_id)
    where coalesce(held, 0) <> coalesce(allocated, 0)
    order by site_id, item_id, warehouse_id, batch_id limit :most
"""
_STREAM_SEQUENCES = """
    select site_id, item_id, null as warehouse_id, null as batch_id, 'sequence' as figure,
        cast(coalesce(entries, 0) as numeric) as expected,
        cast(coalesce(last_sequence, 0) as numeric) as found, count(*) over () as differing
    from (
        select site_id, item_id, last_sequence from stock_stream where {at_sites}
    ) as streams full join (
        select site_id, item_id, count(*) as entries, max(sequence) as highest
        from ledger_entry where {at_sites} group by site_id, item_id
    ) as ledger using (site_id, item_id)
    where (entries, highest) is distinct from (last_sequence, last_sequence)
    order by site_id, item_id limit :most
"""
_COMPARISONS = {
    "ledger_balances": _LEDGER_BALANCES,
    "reservations_allocated": _RESERVATIONS_ALLOCATED,
    "stream_sequences": _STREAM_SEQUENCES,
}
_TOTALS = """
    select site_id, item_id, sum(on_hand) as quantity, last_sequence as sequence
    from stock_stream join stock_balance using (site_id, item_id)
    where {at_sites} and (site_id, item_id) > (:after_site, :after_item)
    group by site_id, item_id, last_sequence
    order by site_id, item_id
    limit :limit
"""


@dataclass(frozen=True)
class Comparison:
    """How many places differ, and the first of them."""

    count: int
    first: Sequence[RowMapping]


async def counts(session: AsyncSession, sites: Collection[str] | None) -> Row[Any]:
    """Count streams and ledger entries."""
    return (await _of(session, _COUNTS, sites)).one()


async def compare(session: AsyncSession, sites: Collection[str] | None) -> dict[str, Comparison]:
    """Compare ledger with balances, reservations with allocations, entries with numbers."""
    found = {}
    for kind, form in _COMPARISONS.items():
        rows = (await _of(session, form, sites, most=DIFFERENCES_MAX)).mappings().all()
        found[kind] = Comparison(rows[0]["differing"] if rows else 0, rows)
    return found


async def totals(
    session: AsyncSession, sites: Collection[str] | None, after: list[str] | None, limit: int
) -> Rows:
    """List quantities by site and item, summed over warehouses, as of entry `sequence`."""
    after_site, after_item = after or ["", ""]
    position = {"after_site": after_site, "after_item": after_item, "limit": limit}
    return (await _of(session, _TOTALS, sites, **position)).all()


async def _of(
    session: AsyncSession, form: str, sites: Collection[str] | None, **given: Any
) -> Result[Any]:
    """Ask about some sites, or all; a question about all has no condition on them."""
    if sites is None:
        return await session.execute(text(form.format(at_sites="true")), given)
    statement = text(form.format(at_sites="site_id = any(:sites)"))
    narrowed = statement.bindparams(bindparam("sites", type_=ARRAY(Text)))
    return await session.execute(narrowed, {**given, "sites": sorted(sites)})
