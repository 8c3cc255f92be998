"""Proofs over the books. Each compares both sides in one statement, hence at one moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Row, RowMapping, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

Rows = Sequence[Row[Any]]

DIFFERENCES_MAX = 100

_SITES = bindparam("sites", type_=ARRAY(Text))
"""Sites to look at; null means all."""

_COUNTS = text("""
    select
        (select count(*) from stock_stream where :sites is null or site_id = any(:sites))
            as streams,
        (select count(*) from ledger_entry where :sites is null or site_id = any(:sites))
            as entries
""").bindparams(_SITES)

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
    ) as balances full join (
        select site_id, item_id, warehouse_id, batch_id, figure, sum(added) as written
        from ledger_entry cross join lateral (
            values ('on_hand', change), (source, -quantity), (target, quantity)
        ) as moves (figure, added)
        where figure in ('on_hand', 'in_inspection', 'frozen')
        group by site_id, item_id, warehouse_id, batch_id, figure
    ) as ledger using (site_id, item_id, warehouse_id, batch_id, figure)
    where (:sites is null or site_id = any(:sites))
        and coalesce(written, 0) <> coalesce(kept, 0)
    order by site_id, item_id, warehouse_id, batch_id, figure limit :most
"""
_RESERVATIONS_ALLOCATED = """
    select site_id, item_id, warehouse_id, batch_id, 'allocated' as figure,
        coalesce(held, 0) as expected, coalesce(allocated, 0) as found,
        count(*) over () as differing
    from stock_balance full join (
        select site_id, item_id, line.warehouse_id, batch_id, sum(outstanding) as held
        from reservation_line as line join reservation using (site_id, reservation_id)
        where status in ('held', 'confirmed')
        group by site_id, item_id, line.warehouse_id, batch_id
    ) as reserved using (site_id, item_id, warehouse_id, batch_id)
    where (:sites is null or site_id = any(:sites))
        and coalesce(held, 0) <> coalesce(allocated, 0)
    order by site_id, item_id, warehouse_id, batch_id limit :most
"""
_STREAM_SEQUENCES = """
    select site_id, item_id, null as warehouse_id, null as batch_id, 'sequence' as figure,
        cast(coalesce(entries, 0) as numeric) as expected,
        cast(coalesce(last_sequence, 0) as numeric) as found, count(*) over () as differing
    from stock_stream full join (
        select site_id, item_id, count(*) as entries, max(sequence) as highest
        from ledger_entry group by site_id, item_id
    ) as ledger using (site_id, item_id)
    where (:sites is null or site_id = any(:sites))
        and (entries, highest) is distinct from (last_sequence, last_sequence)
    order by site_id, item_id limit :most
"""
_COMPARISONS = {
    "ledger_balances": text(_LEDGER_BALANCES).bindparams(_SITES),
    "reservations_allocated": text(_RESERVATIONS_ALLOCATED).bindparams(_SITES),
    "stream_sequences": text(_STREAM_SEQUENCES).bindparams(_SITES),
}
_TOTALS = text("""
    select site_id, item_id, sum(on_hand) as quantity, last_sequence as sequence
    from stock_stream join stock_balance using (site_id, item_id)
    where (:sites is null or site_id = any(:sites))
        and (site_id, item_id) > (:after_site, :after_item)
    group by site_id, item_id, last_sequence
    order by site_id, item_id
    limit :limit
""").bindparams(_SITES)


@dataclass(frozen=True)
class Comparison:
    """How many places differ, and the first of them."""

    count: int
    first: Sequence[RowMapping]


async def counts(session: AsyncSession, sites: Collection[str] | None) -> Row[Any]:
    """Count streams and ledger entries."""
    return (await session.execute(_COUNTS, {"sites": _listed(sites)})).one()


async def compare(session: AsyncSession, sites: Collection[str] | None) -> dict[str, Comparison]:
    """Compare ledger with balances, reservations with allocations, entries with numbers."""
    given = {"sites": _listed(sites), "most": DIFFERENCES_MAX}
    found = {}
    for kind, statement in _COMPARISONS.items():
        rows = (await session.execute(statement, given)).mappings().all()
        found[kind] = Comparison(rows[0]["differing"] if rows else 0, rows)
    return found


async def totals(
    session: AsyncSession, sites: Collection[str] | None, after: list[str] | None, limit: int
) -> Rows:
    """List quantities by site and item, summed over warehouses, as of entry `sequence`."""
    after_site, after_item = after or ["", ""]
    given = {
        "sites": _listed(sites),
        "after_site": after_site,
        "after_item": after_item,
        "limit": limit,
    }
    return (await session.execute(_TOTALS, given)).all()


def _listed(sites: Collection[str] | None) -> list[str] | None:
    return None if sites is None else sorted(sites)
