"""Take back what came back of a basket whose money was kept, and pay it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import SalesOrderRefunded
from sales.counter import store
from sales.counter.domain.sale import CounterSale
from sales.counter.domain.take_back import TakeBack, lines_taken_back
from sales.orders import store as orders
from sales.reference import store as reference
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "RT"


@dataclass(frozen=True, kw_only=True)
class TakeBackWanted:
    """What came back, line by line in the unit it was sold in, and why."""

    sale_id: UUID
    lines: Sequence[tuple[int, Decimal]]
    reason: str
    caller: Caller


async def take_back(session: AsyncSession, wanted: TakeBackWanted) -> TakeBack:
    """Return what is paid back; raise, with what to do, unless the money was kept.

    The sale stays locked: what came back of it is counted by one at a time.
    """
    sale = await store.sale_to_change(session, wanted.sale_id)
    wanted.caller.must_cover(sale.site_id)
    before = await store.taken_back(session, sale)
    lines = lines_taken_back(sale, before, wanted.lines)
    site, at = await reference.site_of(session, sale.site_id), now()
    made = TakeBack(
        site_id=sale.site_id,
        take_back_id=new_id(),
        sale_id=sale.sale_id,
        number=await orders.next_number(session, PREFIX, site.site_id, site.day_of(at)),
        amount=sum((line.amount for line in lines), Decimal(0)),
        reason=wanted.reason,
        taken_back_at=at,
        taken_back_by=wanted.caller.subject,
        lines=lines,
    )
    await store.keep_take_back(session, made)
    if made.amount:
        await outbox.add(session, [_refunded(sale, made)])
    return made


def _refunded(sale: CounterSale, made: TakeBack) -> SalesOrderRefunded:
    return SalesOrderRefunded(
        order_id=sale.sale_id,
        number=sale.number,
        site_id=sale.site_id,
        at=made.taken_back_at,
        customer_id=sale.customer_id,
        amount=made.amount,
        currency=sale.currency,
        cause=made.taken_back_by,
    )
