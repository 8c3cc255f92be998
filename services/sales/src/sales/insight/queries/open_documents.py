"""Documents that nobody has finished, collected from orders, counter sales and returns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Row, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

Rows = Sequence[Row[Any]]
Position = tuple[datetime, UUID]
"""Since when a document is open, and its id."""


class Waits(StrEnum):
    """The step that is missing."""

    INVENTORY = "inventory"
    """Inventory has not answered yet."""
    PAYMENT = "payment"
    SHIPMENT = "shipment"
    AUDIT = "audit"
    POSTING = "posting"
    BOOKING = "booking"
    """It is posted, and inventory has not booked it yet."""
    SIGNATURE = "signature"
    """Its goods are on their way to the customer."""
    SETTLEMENT = "settlement"
    """Its goods are with the customer, who owes for them."""
    STOCK = "stock"
    """Its goods have left and the books don't cover them, or it is a back order."""


# Each part reads an index of what is open: what was finished long ago costs nothing.
_OPEN = """
    select 'sales_order' as kind, site_id, warehouse_id, order_id as id, number, customer_id,
        placed_by as person, coalesce(paid_at, placed_at) as since,
        case when status = 'reserved' then expires_at end as due,
        case status when 'reserved' then 'payment' when 'paid' then 'shipment'
            when 'backordered' then 'stock' else 'inventory' end as waits_for
    from sales_order
    where status in
            ('placed', 'reserved', 'changing', 'paying', 'paid', 'cancelling', 'backordered')
        and {at_site_id}
  union all
    select 'customer_return', site_id, warehouse_id, return_id, number, customer_id,
        coalesce(posted_by, audited_by, returned_by), returned_at, null,
        case status when 'draft' then 'audit' when 'audited' then 'posting' else 'booking' end
    from customer_return where status in ('draft', 'audited', 'posting') and {at_site_id}
  union all
    select 'return_reversal', site_id, warehouse_id, reversal_id, number, customer_id,
        coalesce(posted_by, audited_by, drafted_by), drafted_at, null,
        case status when 'draft' then 'audit' when 'audited' then 'posting' else 'inventory' end
    from return_reversal where status in ('draft', 'audited', 'posting') and {at_site_id}
  union all
    select 'sales_order', site_id, warehouse_id, order_id, number, customer_id, placed_by,
        coalesce(paid_at, placed_at), null,
        case when paid_at is not null or exists (
            select from shipment
            where shipment.site_id = sales_order.site_id
                and shipment.order_id = sales_order.order_id
                and signed_at is null and came_back_at is null
        ) then 'signature' else 'settlement' end
    from sales_order where status = 'shipped' and closed_at is null and {at_site_id}
  union all
    select 'pick', site_id, pick.warehouse_id, pick_id, pick.number, customer_id, picked_by,
        picked_at, null, 'shipment'
    from pick join sales_order using (site_id, order_id)
    where pick.status = 'open' and sales_order.status = 'paid' and {at_site_id}
  union all
    select 'counter_sale', site_id, warehouse_id, sale_id, number, customer_id, taken_by, sold_at,
        null, case status when 'open' then 'inventory' else 'stock' end
    from counter_sale where status in ('open', 'uncovered') and {at_site_id}
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
