"""Output invoices line by line, and what they come to by rate."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    Integer,
    RowMapping,
    Text,
    Uuid,
    bindparam,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from sales.counter.tables import KEPT_LINES
from sales.invoicing.domain import VatRateMissing
from sales.invoicing.tables import vat_rates
from sales.shipments.tables import SOLD_AT

NAMED_MAX = 50
# A shipment makes blue lines on the day it left, a return red ones on the day it came back, and its
# reversal blue ones on the day it was booked, all at the rate of the day of sale. What a till
# sold was sold when the till says, however late it told. What it sold and nothing covers is on the
# list too if its money was kept, though its goods or its customer may be unknown, and so is what
# was paid back of that. Days are those of the site. Free goods are on no invoice.
_LISTED = f"""
    with moved as (
        select 'blue' as kind, shipment.shipment_id as document_id, line.line_no,
            shipment.number, null as original_number, site_id, {SOLD_AT} as posted_at,
            {SOLD_AT} as sold_at, ordered.customer_id, item_id, unit, quantity, amount
        from shipment join shipment_line as line using (site_id, shipment_id)
            join sales_order as ordered using (site_id, order_id)
        union all
        select 'red', back.return_id, line.line_no, back.number, back.shipment_number, site_id,
            back.posted_at, {SOLD_AT}, back.customer_id, item_id, unit, -quantity, -amount
        from customer_return as back join customer_return_line as line using (site_id, return_id)
            join shipment using (site_id, shipment_id)
        where back.status in ('posting', 'posted', 'reversed')
        union all
        select 'blue', undone.reversal_id, line.line_no, undone.number, back.number, site_id,
            undone.booked_at, {SOLD_AT}, back.customer_id, item_id, unit, quantity, amount
        from return_reversal as undone
            join customer_return as back using (site_id, return_id)
            join customer_return_line as line using (site_id, return_id)
            join shipment using (site_id, shipment_id)
        where undone.status = 'posted'
        union all
        select 'blue', sale_id, line_no, number, null, site_id, sold_at, sold_at, customer_id,
            item_id, unit, quantity, amount
        from {KEPT_LINES} as kept
        union all
        select 'red', back.take_back_id, line.line_no, back.number, sale.number, site_id,
            back.taken_back_at, sale.sold_at, sale.customer_id, item_id, unit, -quantity,
            -line.amount
        from counter_sale_take_back as back
            join counter_sale_take_back_line as line using (site_id, sale_id, take_back_id)
            join counter_sale as sale using (site_id, sale_id)
    ), listed as (
        select moved.*, cast(posted_at at time zone site.time_zone as date) as day,
            coalesce(buyer.title, customer.name, customer_id) as buyer, buyer.tax_number,
            coalesce(item.name, item_id) as item_name, rate.percent,
            round(amount * rate.percent / 100, 2) as tax
        from moved join site using (site_id) left join item using (item_id)
            left join customer using (customer_id)
            left join invoice_buyer as buyer using (customer_id)
            left join lateral (
                select percent from output_vat_rate as known
                where valid_from <= cast(sold_at at time zone site.time_zone as date) and (
                    scope = 'item' and known.name = moved.item_id
                    or scope = 'category' and known.name = item.category
                    or scope = 'general')
                order by array_position(array['item', 'category', 'general'], scope),
                    valid_from desc
                limit 1
            ) as rate on true
        where amount <> 0 and posted_at >= :first - 1 and posted_at < :last + 2
            and (:site is null or moved.site_id = :site)
            and (:sites is null or moved.site_id = any(:sites))
    ), period as (select * from listed where day between :first and :last)
"""  # noqa: S608 - of constants
_GIVEN = (
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
    bindparam("site", type_=Text),
    bindparam("sites", type_=ARRAY(Text)),
)
_PAGE = text(
    _LISTED  # noqa: S608 - of constants
    + """
    select * from period
    where :after_id is null or (document_id, line_no) > (:after_id, :after_line)
    order by document_id, line_no limit :limit
"""
).bindparams(
    *_GIVEN,
    bindparam("after_id", type_=Uuid),
    bindparam("after_line", type_=Integer),
    bindparam("limit", type_=BigInteger),
)
_SUMS = text(
    _LISTED  # noqa: S608 - of constants
    + """
    select kind, percent, count(*) as lines, sum(amount) as amount, sum(tax) as tax
    from period group by kind, percent order by percent desc, kind
"""
).bindparams(*_GIVEN)
_MISSING = text(
    _LISTED  # noqa: S608 - of constants
    + "select distinct item_id from period where percent is null order by item_id"
).bindparams(*_GIVEN)


@dataclass(frozen=True)
class Listed:
    """Which invoices are asked for: of a month, at one site or all that the caller may see."""

    period: str
    site_id: str | None
    sites: Collection[str] | None

    def given(self) -> dict[str, object]:
        """Return what the statements take."""
        year, month = map(int, self.period.split("-"))
        first = date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
        return {
            "first": first,
            "last": following - timedelta(days=1),
            "site": self.site_id,
            "sites": None if self.sites is None else sorted(self.sites),
        }


async def lines_after(
    session: AsyncSession, wanted: Listed, after: tuple[UUID, int] | None, limit: int
) -> Sequence[RowMapping]:
    """Return lines in order of their documents (ids sort by time); raise if a rate is missing.

    The first page looks at the whole period, so that nobody takes half a list for all of it; a
    later one looks again only if goods without a rate were sold since.
    """
    place = {"after_id": after and after[0], "after_line": after and after[1], "limit": limit}
    rows = (await session.execute(_PAGE, wanted.given() | place)).mappings().all()
    if after is None or any(row["percent"] is None for row in rows):
        await _must_have_rates(session, wanted)
    return rows


async def sums(session: AsyncSession, wanted: Listed) -> Sequence[RowMapping]:
    """Return what the lines come to, by kind and rate; raise if a rate is missing."""
    await _must_have_rates(session, wanted)
    return (await session.execute(_SUMS, wanted.given())).mappings().all()


async def _must_have_rates(session: AsyncSession, wanted: Listed) -> None:
    items = (await session.scalars(_MISSING, wanted.given())).all()
    if items:
        raise VatRateMissing(missing=len(items), items=list(items[:NAMED_MAX]))


async def rates_after(
    session: AsyncSession, after: tuple[str, str, date] | None, limit: int
) -> Sequence[RowMapping]:
    """Return the rates there are, by what they are for and since when."""
    place = (vat_rates.c.scope, vat_rates.c.name, vat_rates.c.valid_from)
    wanted = select(vat_rates).order_by(*place).limit(limit)
    if after is not None:
        wanted = wanted.where(tuple_(*place) > tuple_(*after))
    return (await session.execute(wanted)).mappings().all()
