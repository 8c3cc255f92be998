"""What was earned: amounts less costs of what was shipped and did not come back.

What a till sold and nothing covers is among it if its money was kept. Nothing says what it cost:
what is missing of its goods is a difference of stock, with a cost of its own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BindParameter, DateTime, RowMapping, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from sales.counter.tables import KEPT_LINES
from sales.shipments.tables import SOLD_AT


class By(StrEnum):
    """What margins are summed up by."""

    ORDER = "order"
    LINE = "line"
    ITEM = "item"
    SITE = "site"
    CUSTOMER = "customer"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, kw_only=True)
class MarginFilter:
    """Of what was shipped, which part is looked at; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    customer_id: str | None = None
    item_id: str | None = None
    order_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


# By what: the key, by which the rows are ordered, and what people call it.
_KEYS = {
    By.ORDER: ("order_id::text", "order_number"),
    By.LINE: (
        "shipment_id::text || ':' || lpad(line_no::text, 10, '0')",
        "shipment_number || '/' || line_no",
    ),
    By.ITEM: ("item_id", "item_name"),
    By.SITE: ("site_id", "site_name"),
    By.CUSTOMER: ("customer_id", "customer_name"),
    By.DAY: ("to_char(sold_on, 'YYYY-MM-DD')", "to_char(sold_on, 'YYYY-MM-DD')"),
    By.MONTH: ("to_char(sold_on, 'YYYY-MM')", "to_char(sold_on, 'YYYY-MM')"),
}

# A line whose return costing has not costed yet is not costed either: its amount is less already.
# What was lost on its way does not come back, so it stays part of the cost.
_SHIPPED = f"""
    select shipment.site_id, shipment.shipment_id, shipment.number as shipment_number,
        line.line_no, line.item_id, shipment.order_id, sales_order.number as order_number,
        sales_order.customer_id, shipment.posted_at, item.name as item_name,
        site.name as site_name, customer.name as customer_name, line.unit,
        {SOLD_AT} as sold_at, ({SOLD_AT} at time zone site.time_zone)::date as sold_on,
        line.quantity - back.quantity as quantity, line.amount - back.amount as amount,
        cost.cost - back.cost + coalesce(borne.amount, 0) as cost,
        coalesce(borne.amount, 0) as corrections,
        round(cost.cost * back.lost / line.quantity, 2) as cost_lost, false as is_kept,
        cost.cost is not null and back.lines = back.lines_costed as is_costed,
        line.amount = 0 or not item.for_sale as is_free,
        greatest(cost.costed_at, back.costed_at, borne.costed_at) as costed_at
    from shipment
    join shipment_line as line using (site_id, shipment_id)
    join sales_order using (site_id, order_id)
    join item using (item_id)
    join site on site.site_id = shipment.site_id
    join customer on customer.customer_id = sales_order.customer_id
    left join cost_of_line as cost on cost.site_id = shipment.site_id
        and cost.shipment_id = shipment.shipment_id and cost.line_no = line.line_no
    cross join lateral (
        select count(*) filter (where its_return.cause <> 'lost') as lines,
            count(its_cost.cost) as lines_costed,
            coalesce(sum(its_line.quantity) filter (where its_return.cause = 'lost'), 0) as lost,
            coalesce(sum(its_line.quantity), 0) as quantity,
            coalesce(sum(its_line.amount), 0) as amount,
            coalesce(sum(its_cost.cost), 0) as cost, max(its_cost.costed_at) as costed_at
        from customer_return as its_return
        join customer_return_line as its_line on its_line.site_id = its_return.site_id
            and its_line.return_id = its_return.return_id
        left join cost_of_return as its_cost on its_cost.site_id = its_return.site_id
            and its_cost.return_id = its_return.return_id and its_cost.line_no = its_line.line_no
        where its_return.shipment_id = shipment.shipment_id
            and its_return.site_id = shipment.site_id
            and its_return.status in ('posting', 'posted')
            and its_line.shipment_line_no = line.line_no
    ) as back
    cross join lateral (
        select sum(share.amount) as amount, max(correction.costed_at) as costed_at
        from correction_share as share
        join cost_correction as correction using (site_id, item_id, sequence)
        where share.site_id = shipment.site_id and share.shipment_id = shipment.shipment_id
            and share.line_no = line.line_no
    ) as borne
"""  # noqa: S608 - of constants
_KEPT = f"""
    select kept.site_id, kept.sale_id, kept.number, kept.line_no, kept.item_id, kept.sale_id,
        kept.number, kept.customer_id, kept.closed_at, coalesce(item.name, kept.item_id), site.name,
        coalesce(customer.name, kept.customer_id), kept.unit, kept.sold_at,
        (kept.sold_at at time zone site.time_zone)::date, kept.quantity - back.quantity,
        kept.amount - back.amount,
        cast(null as numeric), cast(0 as numeric), cast(null as numeric), true, false, false,
        cast(null as timestamptz)
    from {KEPT_LINES} as kept
    join site on site.site_id = kept.site_id
    left join item on item.item_id = kept.item_id
    left join customer on customer.customer_id = kept.customer_id
    cross join lateral (
        select coalesce(sum(its_line.quantity), 0) as quantity,
            coalesce(sum(its_line.amount), 0) as amount
        from counter_sale_take_back_line as its_line
        where its_line.site_id = kept.site_id and its_line.sale_id = kept.sale_id
            and its_line.line_no = kept.line_no
    ) as back
    where kept.amount > 0
"""  # noqa: S608 - of constants
_LINES = f"""
    select * from ({_SHIPPED} union all {_KEPT}) as sold
    where (cast(:sites as text[]) is null or site_id = any(:sites))
        and (cast(:site_id as text) is null or site_id = :site_id)
        and (cast(:customer_id as text) is null or customer_id = :customer_id)
        and (cast(:item_id as text) is null or item_id = :item_id)
        and (cast(:order_id as uuid) is null or order_id = :order_id)
        and (cast(:since as timestamptz) is null or sold_at >= :since)
        and (cast(:until as timestamptz) is null or sold_at < :until)
"""  # noqa: S608 - of constants
_SUMS = """
    select {key} as key, min({label}) as label,
        count(*) filter (where not is_free) as lines,
        count(*) filter (where not (is_free or is_costed or is_kept)) as lines_not_costed,
        count(*) filter (where is_kept) as lines_without_goods,
        coalesce(sum(amount) filter (where is_kept), 0) as amount_without_goods,
        coalesce(sum(amount) filter (where not is_free), 0) as amount,
        coalesce(sum(amount) filter (where not is_free and is_costed), 0) as amount_costed,
        coalesce(sum(cost) filter (where not is_free and is_costed), 0) as cost,
        coalesce(sum(corrections) filter (where not is_free and is_costed), 0) as corrections,
        coalesce(sum(cost_lost) filter (where not is_free and is_costed), 0) as cost_lost,
        count(*) filter (where is_free) as free_lines,
        coalesce(sum(cost) filter (where is_free and is_costed), 0) as free_cost,
        max(costed_at) as costed_at,
        min(posted_at) filter (where not (is_costed or is_kept)) as oldest_not_costed_at
    from ({lines}) as line
    where cast(:after as text) is null or ({key}) collate "C" > :after
    group by 1 order by ({key}) collate "C" limit :limit
"""
_FREE = """
    select * from ({lines}) as line
    where is_free and (cast(:after as text) is null or ({key}) collate "C" > :after)
    order by ({key}) collate "C" limit :limit
"""
_TYPES: tuple[BindParameter[Any], ...] = (
    *(bindparam(name, type_=Text) for name in ("site_id", "customer_id", "item_id", "after")),
    *(bindparam(name, type_=DateTime(timezone=True)) for name in ("since", "until")),
    bindparam("sites", type_=ARRAY(Text)),
    bindparam("order_id", type_=Uuid),
)


async def margins(
    session: AsyncSession, by: By, wanted: MarginFilter, after: str | None, limit: int
) -> Sequence[RowMapping]:
    """Sum up what was earned, in order of the keys."""
    key, label = _KEYS[by]
    return await _read(
        session, _SUMS.format(key=key, label=label, lines=_LINES), wanted, after, limit
    )


async def free_lines(
    session: AsyncSession, wanted: MarginFilter, after: str | None, limit: int
) -> Sequence[RowMapping]:
    """List what was given away, line by line: samples, gifts and what was free."""
    key, _ = _KEYS[By.LINE]
    return await _read(session, _FREE.format(key=key, lines=_LINES), wanted, after, limit)


async def _read(
    session: AsyncSession, sql: str, wanted: MarginFilter, after: str | None, limit: int
) -> Sequence[RowMapping]:
    given: dict[str, Any] = {**vars(wanted), "after": after, "limit": limit}
    given["sites"] = None if wanted.sites is None else sorted(wanted.sites)
    return (await session.execute(text(sql).bindparams(*_TYPES), given)).mappings().all()
