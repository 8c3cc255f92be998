"""Ledger, balance and last count of a site's items side by side, and the steps left open."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ARRAY, Row, RowMapping, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.insight.queries.open_work import APPROVED_KINDS

Rows = Sequence[Row[Any]]

STEPS_MAX = 20
"""Open steps that are shown of an item, the oldest first."""

# One statement, hence one moment. The ledger's sum is read from the last closings and what was
# written since; that closings say what the ledger says is what `verify` proves. Of each place that
# was counted, its last count.
_SIDES = text("""
    select item_id, last_sequence as sequence, coalesce(ledger, 0) as ledger,
        coalesce(balance, 0) as balance, counted, expected, counted_at
    from (
        select site_id, item_id, last_sequence from stock_stream
        where site_id = :site and item_id > :after order by item_id limit :limit
    ) as stream left join lateral (
        select coalesce(max(sequence), 0) as closed from stock_page as page
        where page.site_id = stream.site_id and page.item_id = stream.item_id
    ) as pages on true left join lateral (
        select sum(change) as ledger from (
            select change from ledger_entry as entry
            where entry.site_id = stream.site_id and entry.item_id = stream.item_id
                and sequence > closed
            union all
            select on_hand from (
                select distinct on (warehouse_id, batch_id) on_hand from stock_closing as closing
                where closing.site_id = stream.site_id and closing.item_id = stream.item_id
                order by warehouse_id, batch_id, sequence desc
            ) as place
        ) as part
    ) as written on true left join lateral (
        select sum(on_hand) as balance from stock_balance as kept
        where kept.site_id = stream.site_id and kept.item_id = stream.item_id
    ) as kept on true left join lateral (
        select sum(counted) as counted, sum(expected) as expected, max(counted_at) as counted_at
        from (
            select distinct on (warehouse_id, batch_id) counted, expected, counted_at
            from count_line as line
            where line.site_id = stream.site_id and line.item_id = stream.item_id
                and settled_at is not null and counted is not null
            order by warehouse_id, batch_id, counted_at desc
        ) as latest
    ) as last_count on true
    order by item_id
""")
# A scan at the wrong warehouse is a step of the unit's item, or of each item of the document, both
# where it was made and where that belongs.
_STEPS = text("""
    select * from (
        select *, row_number() over (partition by item_id order by since, id) as place,
            count(*) over (partition by item_id) as steps
        from (
            select line.item_id, 'document' as sort, kind, document_id as id, number,
                quantity, drafted_at as since,
                case when status = 'draft' then 'audit'
                    when approved_by is null and kind = any(:approved_kinds) then 'approval'
                    else 'posting' end as waits_for
            from stock_document join stock_document_line as line using (site_id, document_id)
            where status in ('draft', 'audited') and site_id = :site and item_id = any(:items)
          union all
            select item_id, 'transfer', 'transfer_dispatch', transit.document_id, document.number,
                outstanding, dispatched_at, 'arrival'
            from stock_in_transit as transit join stock_document as document using (document_id)
            where outstanding > 0 and item_id = any(:items)
                and (transit.to_site_id = :site or from_site_id = :site)
          union all
            select balance.item_id, 'inspection', 'in_inspection', brought.document_id,
                brought.document_number, in_inspection, brought.posted_at, 'inspection'
            from stock_balance as balance cross join lateral (
                select document_id, document_number, posted_at from ledger_entry as entry
                where target = 'in_inspection' and entry.site_id = balance.site_id
                    and entry.item_id = balance.item_id
                    and entry.warehouse_id = balance.warehouse_id
                    and entry.batch_id = balance.batch_id
                order by sequence desc limit 1
            ) as brought
            where in_inspection > 0 and site_id = :site and item_id = any(:items)
          union all
            select item_id, 'count_sheet', 'count_sheet', sheet_id, number,
                opening_quantity, opened_at,
                case when status = 'counting' then 'count' else 'posting' end
            from count_line join count_sheet using (site_id, sheet_id)
            where in_force and site_id = :site and item_id = any(:items)
          union all
            select item_id, 'scan_work', scan_work.kind, work_id, '', quantity, begun_at, 'scans'
            from scan_work join scan using (site_id, work_id)
            where finished_at is null and withdrawn_at is null and site_id = :site
                and item_id = any(:items)
          union all
            select concerned.item_id, 'wrong_warehouse', 'scan', scan_id, code,
                concerned.quantity, scanned_at, 'settlement'
            from scan cross join lateral (
                select facts ->> 'item_id' as item_id, 1 as quantity
                union all
                select line.item_id, sum(line.quantity)
                from stock_document join stock_document_line as line using (site_id, document_id)
                where document_id = cast(nullif(facts ->> 'document_id', 'None') as uuid)
                group by line.item_id
                union all
                select distinct line.item_id, cast(null as numeric) from count_line as line
                where sheet_id = cast(nullif(facts ->> 'document_id', 'None') as uuid)
                    and line.site_id = facts ->> 'document_site_id'
            ) as concerned
            where refusal = 'wrong_warehouse' and settled_at is null
                and :site in (site_id, facts ->> 'document_site_id')
                and concerned.item_id = any(:items)
          union all
            select item_id, 'sales_order', 'sales_order', order_id, '', sum(outstanding),
                reserved_at, 'shipment'
            from reservation_line join reservation using (site_id, reservation_id)
            where outstanding > 0 and status = 'confirmed' and site_id = :site
                and item_id = any(:items)
            group by item_id, order_id, reserved_at
          union all
            select item_id, 'supplier_receipt', 'supplier_receipt', receipt_id, number,
                sum(quantity), drafted_at, case when audited then 'posting' else 'audit' end
            from unposted_receipt_line where site_id = :site and item_id = any(:items)
            group by item_id, receipt_id, number, drafted_at, audited
        ) as step
    ) as placed where place <= :most order by item_id, place
""").bindparams(
    bindparam("items", type_=ARRAY(Text)),
    bindparam("approved_kinds", APPROVED_KINDS, type_=ARRAY(Text)),
)


async def sides(session: AsyncSession, site_id: str, after_item: str | None, limit: int) -> Rows:
    """List what the books have of a site's items, by item."""
    given = {"site": site_id, "after": after_item or "", "limit": limit}
    return (await session.execute(_SIDES, given)).all()


async def open_steps(
    session: AsyncSession, site_id: str, items: Collection[str]
) -> dict[str, list[RowMapping]]:
    """Return the steps that are not closed, by item; `steps` counts those left out too."""
    given = {"site": site_id, "items": sorted(items), "most": STEPS_MAX}
    found = defaultdict[str, list[RowMapping]](list)
    for row in (await session.execute(_STEPS, given)).mappings():
        found[row["item_id"]].append(row)
    return found
