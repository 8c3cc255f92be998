"""Documents that nobody has finished: requisitions, orders, receipts and returns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Row, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.insight.domain import Waits

Rows = Sequence[Row[Any]]
Position = tuple[datetime, UUID]
"""Since when a document is open, and its id."""

# Each part reads an index of what is open: what was finished long ago costs nothing. An order has
# no moment of its own before it is placed; its id holds the one at which it was made.
_OPEN = """
    select 'purchase_order' as kind, site_id, warehouse_id, order_id as id, number,
        supplier_id, author as person, uuid_extract_timestamp(order_id) as since,
        case status when 'draft' then 'submission' when 'submitted' then 'approval'
            else 'placing' end as waits_for
    from purchase_order where status in ('draft', 'submitted', 'approved') and {at_site_id}
  union all
    select 'requisition', site_id, null, requisition_id, number, null,
        coalesce(approved_by, author), coalesce(approved_at, created_at),
        case status when 'draft' then 'submission' when 'submitted' then 'approval'
            else 'ordering' end
    from requisition where status in ('draft', 'submitted', 'approved', 'ordering')
        and {at_site_id}
  union all
    select 'receipt', site_id, warehouse_id, receipt_id, number, supplier_id,
        coalesce(posted_by, audited_by, received_by), received_at,
        case when held_since is not null then 'mending' when status = 'draft' then 'audit'
            when status = 'audited' then 'posting' else 'booking' end
    from receipt where status in ('draft', 'audited', 'posting') and {at_site_id}
  union all
    select 'purchase_return', site_id, warehouse_id, return_id, number, supplier_id,
        coalesce(posted_by, audited_by, drafted_by), drafted_at,
        case when held_since is not null then 'mending' when status = 'draft' then 'audit'
            when status = 'audited' then 'posting' else 'booking' end
    from purchase_return where status in ('draft', 'audited', 'posting') and {at_site_id}
  union all
    select 'purchase_return_reversal', site_id, warehouse_id, reversal_id, number, supplier_id,
        coalesce(posted_by, audited_by, drafted_by), drafted_at,
        case when held_since is not null then 'mending' when status = 'draft' then 'audit'
            when status = 'audited' then 'posting' else 'booking' end
    from purchase_return_reversal where status in ('draft', 'audited', 'posting') and {at_site_id}
"""
_PAGE = """
    select * from ({work}) as work
    where (cast(:kind as text) is null or kind = :kind)
        and (cast(:person as text) is null or person = :person)
        and (cast(:waits_for as text) is null or waits_for = :waits_for)
        and (cast(:after_since as timestamptz) is null or (since, id) > (:after_since, :after_id))
    order by since, id limit :limit
"""
_TYPES = (
    *(bindparam(name, type_=Text) for name in ("kind", "person", "waits_for")),
    bindparam("after_since", type_=DateTime(timezone=True)),
    bindparam("after_id", type_=Uuid),
)


@dataclass(frozen=True)
class OpenFilter:
    """Which open documents are asked for; None means any."""

    sites: Collection[str] | None
    kind: str | None = None
    person: str | None = None
    waits_for: Waits | None = None


async def open_documents(
    session: AsyncSession, wanted: OpenFilter, after: Position | None, limit: int
) -> Rows:
    """List unfinished documents, the oldest first."""
    since, document_id = after or (None, None)
    given: dict[str, Any] = {
        "kind": wanted.kind,
        "person": wanted.person,
        "waits_for": wanted.waits_for,
        "after_since": since,
        "after_id": document_id,
        "limit": limit,
    }
    types: tuple[Any, ...] = _TYPES
    if wanted.sites is not None:
        given |= {"sites": sorted(wanted.sites)}
        types = (*types, bindparam("sites", type_=ARRAY(Text)))
    there = "true" if wanted.sites is None else "site_id = any(:sites)"
    statement = text(_PAGE.format(work=_OPEN.format(at_site_id=there))).bindparams(*types)
    return (await session.execute(statement, given)).all()
