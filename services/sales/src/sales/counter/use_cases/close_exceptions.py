"""Close an exception: ask inventory afresh once the books are mended, or write it off.

What is written off has no order and no shipment: no goods are known to have left. So its money is
told of by facts of its own, and reports, margins and lists of invoices count what was kept of it.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import CounterSaleKept, SalesOrderRefunded
from sales.counter import store
from sales.counter.domain.sale import CounterSale, Money
from sales.counter.use_cases.check_basket import check_basket
from sales.counter.use_cases.cover_sale import cover_sale
from sales.orders.domain.lines import must_be_in_books_currency
from sales.orders.use_cases.announce_order import sold_lines
from sales.settings import settings_of
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.context import Context


async def ask_again(
    context: Context, sale_id: UUID, command_id: UUID, caller: Caller
) -> CounterSale:
    """Return the sale as inventory decides now; what still doesn't cover it is the new cause."""
    async with context.database.transaction() as session:
        sale = await store.sale_to_change(session, sale_id)
        caller.must_cover(sale.site_id)
        if sale.ask_again(command_id, caller.subject, now()):
            if refusal := await check_basket(session, context, sale):
                sale.deny(refusal.code, refusal.problem, now())
            await store.save(session, sale)
    return await cover_sale(context, sale)


@dataclass(frozen=True, kw_only=True)
class WriteOff:
    """What becomes of the money of a sale, why nothing covers it, and who says so."""

    money: Money
    reason: str
    caller: Caller


async def write_off(
    session: AsyncSession, context: Context, sale_id: UUID, wanted: WriteOff
) -> CounterSale:
    """Return the sale, which nothing will cover any more.

    Money of another currency than that of the books can't be kept as revenue: it is refused.
    """
    sale = await store.sale_to_change(session, sale_id)
    wanted.caller.must_cover(sale.site_id)
    sale.write_off(wanted.money, wanted.caller.subject, wanted.reason, now())
    if wanted.money is Money.KEPT:
        must_be_in_books_currency(sale.currency, settings_of(context).currency)
    await store.save(session, sale)
    await outbox.add(session, [_told(sale)])
    return sale


def _told(sale: CounterSale) -> CounterSaleKept | SalesOrderRefunded:
    said = {
        "order_id": sale.sale_id,
        "number": sale.number,
        "site_id": sale.site_id,
        "at": sale.closed_at,
        "customer_id": sale.customer_id,
        "amount": sale.total,
        "currency": sale.currency,
    }
    if sale.money is Money.REFUNDED:
        return SalesOrderRefunded(**said, cause=sale.closed_by)
    # A till may have sold what nobody knows: each line says its unit.
    return CounterSaleKept(**said, sold_at=sale.sold_at, lines=sold_lines(sale.lines, {}))
