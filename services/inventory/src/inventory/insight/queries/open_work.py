"""Work that is not finished, collected from all areas: documents, transfers, counts, scans."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Row, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.documents.domain.kinds import RULES, Need
from inventory.insight.domain.open_work import Sort, Waits

Rows = Sequence[Row[Any]]

APPROVED_KINDS = sorted(kind.value for kind, rules in RULES.items() if Need.APPROVER in rules.needs)

# Each part reads an index of what is open, so that what was finished long ago costs nothing.
_OPEN = """
    select 'document' as sort, kind, site_id, warehouse_id, document_id as id, number,
        drafted_by as person, drafted_at as since, cast(null as timestamptz) as due,
        case when status = 'draft' then 'audit'
            when approved_by is null and kind = any(:approved_kinds) then 'approval'
            else 'posting' end as waits_for
    from stock_document where status in ('draft', 'audited') and {at_site_id}
  union all
    select 'transfer', 'transfer_dispatch', transit.to_site_id, transit.to_warehouse_id,
        transit.document_id, document.number, document.posted_by, min(dispatched_at),
        min(transit.expected_at), 'arrival'
    from stock_in_transit as transit join stock_document as document using (document_id)
    where outstanding > 0 and {at_to_site_id}
    group by transit.to_site_id, transit.to_warehouse_id, transit.document_id, document.number,
        document.posted_by
  union all
    select 'count_sheet', 'count_sheet', site_id, coalesce(warehouse_id, ''), sheet_id, number,
        opened_by, opened_at, null, case when status = 'counting' then 'count' else 'posting' end
    from count_sheet where status in ('counting', 'audited') and {at_site_id}
  union all
    select 'scan_work', work.kind, work.site_id, warehouse_id, work.work_id, '',
        user_id, begun_at, null, 'scans'
    from scan_work as work join scan_session using (site_id, session_id)
    where finished_at is null and {at_site_id}
  union all
    select 'wrong_warehouse', 'scan', site_id, warehouse_id, scan_id, code,
        user_id, scanned_at, null, 'settlement'
    from scan join scan_session using (site_id, session_id)
    where refusal = 'wrong_warehouse' and settled_at is null and {at_site_id}
"""
# What waits for inspection has no document yet: it is told by the last entry that brought some.
_INSPECTIONS = """
  union all
    select 'inspection', 'in_inspection', site_id, warehouse_id, brought.document_id,
        brought.document_number, brought.user_id, brought.posted_at, null, 'inspection'
    from stock_balance as balance cross join lateral (
        select document_id, document_number, user_id, posted_at from ledger_entry as entry
        where target = 'in_inspection' and entry.site_id = balance.site_id
            and entry.item_id = balance.item_id and entry.warehouse_id = balance.warehouse_id
            and entry.batch_id = balance.batch_id
        order by sequence desc limit 1
    ) as brought
    where in_inspection > 0 and {at_site_id}
"""
_NARROWED = """
    (cast(:kind as text) is null or kind = :kind)
    and (cast(:person as text) is null or person = :person)
    and (cast(:waits_for as text) is null or waits_for = :waits_for)
"""
_PAGE = """
    select * from ({work}) as work where {narrowed}
        and (cast(:after_since as timestamptz) is null
            or (since, sort, id) > (:after_since, :after_sort, :after_id))
    order by since, sort, id limit :limit
"""
_SUMMARY = """
    select site_id, sort, kind, waits_for, count(*) as count, min(since) as oldest
    from ({work}) as work where {narrowed}
    group by site_id, sort, kind, waits_for order by site_id, min(since) limit :limit
"""
_TYPES = (
    bindparam("approved_kinds", APPROVED_KINDS, type_=ARRAY(Text)),
    *(bindparam(name, type_=Text) for name in ("kind", "person", "waits_for")),
)
_POSITION = (
    bindparam("after_since", type_=DateTime(timezone=True)),
    bindparam("after_sort", type_=Text),
    bindparam("after_id", type_=Uuid),
)


@dataclass(frozen=True)
class OpenFilter:
    """Which open work is asked for; None means any."""

    sites: Collection[str] | None
    kind: str | None = None
    person: str | None = None
    waits_for: Waits | None = None


Position = tuple[datetime, Sort, UUID]
"""Since when something is open, what sort of work it is, and its id."""


async def open_work(
    session: AsyncSession, wanted: OpenFilter, after: Position | None, limit: int
) -> Rows:
    """List unfinished work, the oldest first."""
    since, sort, number = after or (None, None, None)
    given = _given(wanted) | {
        "after_since": since,
        "after_sort": sort,
        "after_id": number,
        "limit": limit,
    }
    return (await session.execute(_statement(_PAGE, wanted, *_POSITION), given)).all()


async def summary(session: AsyncSession, wanted: OpenFilter, limit: int) -> Rows:
    """Count unfinished work by site, sort, kind and what it waits for."""
    given = _given(wanted) | {"limit": limit}
    return (await session.execute(_statement(_SUMMARY, wanted), given)).all()


def _statement(form: str, wanted: OpenFilter, *more: Any) -> Any:
    """Return a statement over all open work; without sites it has no condition on them."""
    at = "{0} = any(:sites)" if wanted.sites is not None else "true"
    there = {"at_site_id": at.format("site_id"), "at_to_site_id": at.format("transit.to_site_id")}
    work = (_OPEN + _INSPECTIONS).format(**there)
    types = (*_TYPES, *more)
    if wanted.sites is not None:
        types = (*types, bindparam("sites", type_=ARRAY(Text)))
    return text(form.format(work=work, narrowed=_NARROWED)).bindparams(*types)


def _given(wanted: OpenFilter) -> dict[str, Any]:
    sites = {} if wanted.sites is None else {"sites": sorted(wanted.sites)}
    named = {name: getattr(wanted, name) for name in ("kind", "person", "waits_for")}
    return sites | named
