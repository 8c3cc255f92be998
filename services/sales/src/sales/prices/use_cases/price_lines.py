"""Price the lines of an order: at the customer's level, with what is promoted taken off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from sales.prices import store
from sales.prices.domain import Found, Goods, NoPrice, Price, Promotion, Source, found, price_for
from sales.reference.domain import Item, Site
from servicekit.errors import Refusal


@dataclass(frozen=True, kw_only=True)
class LineToPrice:
    """What a line names; an amount that is given stands."""

    line_no: int
    item: Item
    unit: str
    quantity: Decimal
    amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Who buys where, when, and in which currency."""

    customer_id: str
    site: Site
    currency: str
    at: datetime


async def price_lines(
    session: AsyncSession, terms: Terms, lines: Sequence[LineToPrice]
) -> list[Found]:
    """Return what each line comes to; raise for the first without a price, and name them all."""
    asked = [line.item.item_id for line in lines if line.amount is None]
    level, prices, on = "", list[Price](), list[Promotion]()
    if asked:
        level = await store.level_of(session, terms.customer_id)
        prices = list(await store.prices_of(session, asked, terms.currency, level))
        on = list(await store.promotions_at(session, terms.at, terms.site.site_id, level))
    priced, refusals = list[Found](), list[Refusal]()
    for line in lines:
        try:
            priced.append(_priced(line, terms, level, (prices, on)))
        except NoPrice as refusal:
            refusals.append(refusal)
    if refusals:
        raise _naming_all(refusals)
    return priced


def _priced(
    line: LineToPrice, terms: Terms, level: str, known: tuple[Sequence[Price], Sequence[Promotion]]
) -> Found:
    if line.amount is not None:
        return Found(amount=line.amount, source=Source.GIVEN)
    prices, promotions = known
    goods = Goods(line.item.item_id, line.unit, terms.currency)
    day = terms.site.day_of(terms.at)
    price = price_for(prices, level, goods, line.quantity, day)
    if price is None:
        raise NoPrice(
            line_no=line.line_no,
            quantity=format(line.quantity.normalize(), "f"),
            unit=line.unit,
            item_id=line.item.item_id,
            currency=terms.currency,
            day=str(day),
            level=level,
        )
    return found(
        price,
        line.quantity,
        [one for one in promotions if one.is_for(line.item.item_id, line.item.category)],
    )


def _naming_all(refusals: Sequence[Refusal]) -> Refusal:
    first = refusals[0]
    first.facts["lines"] = [dict(one.facts) for one in refusals]
    return first
