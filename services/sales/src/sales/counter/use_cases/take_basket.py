"""Take a basket from a till: keep it, then have inventory cover it and let its goods leave."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.counter import store
from sales.counter.domain.refusals import BasketNumberMissing
from sales.counter.domain.sale import CounterSale, moment_sold
from sales.counter.use_cases.check_basket import check_basket
from sales.counter.use_cases.cover_sale import cover_sale
from sales.orders import store as orders
from sales.orders.domain.lines import OrderLine, total_of
from sales.reference import store as reference
from servicekit.clock import now
from servicekit.context import Context
from servicekit.errors import Kind, Refusal

PREFIX = "CS"


@dataclass(frozen=True, kw_only=True)
class TakeBasket:
    """What a till sold; `sale_id` is the same at every repeat."""

    sale_id: UUID
    site_id: str
    warehouse_id: str
    device: str
    basket_no: str | None
    customer_id: str
    currency: str
    lines: tuple[OrderLine, ...]
    sold_at: datetime | None
    """When the goods left, if the till was offline then; None if they are about to."""
    taken_by: str


class _TakenBefore(Refusal):
    """Undoes a second try to take the same basket."""

    kind = Kind.CONFLICT
    code = "basket_taken_before"


async def take_basket(context: Context, wanted: TakeBasket) -> CounterSale:
    """Return the sale as far as inventory lets it; raise if it can't even be taken."""
    if wanted.sold_at is not None and wanted.basket_no is None:
        raise BasketNumberMissing
    try:
        async with context.database.transaction() as session:
            sale = await _keep(session, context, wanted)
    except Refusal:
        # A repeat after a crash, beside its twin, or under another key goes on with what is there.
        taken = await _taken(context, wanted)
        if taken is None:
            raise
        sale = taken
    return await cover_sale(context, sale)


async def _keep(session: AsyncSession, context: Context, wanted: TakeBasket) -> CounterSale:
    site = await reference.site_with_warehouse(session, wanted.site_id, wanted.warehouse_id)
    at = now()
    sold_at = moment_sold(wanted.sold_at, at)
    refusal = await check_basket(session, context, wanted)
    number = await orders.next_number(session, PREFIX, site.site_id, site.day_of(at))
    sale = _sale(wanted, number, sold_at, at)
    if refusal is not None:
        sale.deny(refusal.code, refusal.problem, at)
    if not await store.add_if_new(session, sale):
        raise _TakenBefore
    return sale


def _sale(wanted: TakeBasket, number: str, sold_at: datetime, at: datetime) -> CounterSale:
    return CounterSale(
        site_id=wanted.site_id,
        sale_id=wanted.sale_id,
        number=number,
        device=wanted.device,
        basket_no=wanted.basket_no,
        customer_id=wanted.customer_id,
        warehouse_id=wanted.warehouse_id,
        currency=wanted.currency,
        total=total_of(wanted.lines),
        lines=wanted.lines,
        sold_at=sold_at,
        is_late=wanted.sold_at is not None,
        taken_at=at,
        taken_by=wanted.taken_by,
    )


async def _taken(context: Context, wanted: TakeBasket) -> CounterSale | None:
    async with context.database.transaction() as session:
        taken = await store.find(session, wanted.sale_id)
        if taken is None and wanted.sold_at is not None:
            told = _sale(wanted, "", wanted.sold_at, now())
            taken = await store.find_told(session, told)
            if taken is not None:
                taken.must_be_same(told)
    return taken
