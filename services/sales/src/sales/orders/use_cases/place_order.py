"""Place an order: store it, then ask inventory to hold its goods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import SalesOrderPlaced
from sales.channels import store as channels
from sales.channels.domain import Channel
from sales.customers import store as customers
from sales.orders import store
from sales.orders.domain.line_refusals import ChoiceNeedsBaseUnit
from sales.orders.domain.lines import (
    BatchChoice,
    LineWanted,
    OrderLine,
    must_be_in_books_currency,
    total_of,
)
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.refusals import PromisedInThePast
from sales.orders.domain.states import Shortage
from sales.orders.use_cases.announce_order import sold_lines
from sales.orders.use_cases.drive_order import drive_order
from sales.orders.use_cases.wait_for_goods import wait_behind_others, who_is_ahead
from sales.prices.domain import Found
from sales.prices.use_cases.price_lines import LineToPrice, Terms, price_lines
from sales.reference import store as reference
from sales.reference.domain import Item, Site
from sales.settings import settings_of
from sales.substitutes import store as substitutes
from servicekit import outbox
from servicekit.clock import now
from servicekit.context import Context
from servicekit.errors import Kind, Refusal

PREFIX = "SO"


@dataclass(frozen=True, kw_only=True)
class PlaceOrder:
    """What is to be sold, to whom, and from where; `order_id` is the same at every repeat.

    Lines without an amount are priced at the customer's level.
    """

    order_id: UUID
    customer_id: str
    site_id: str
    warehouse_id: str
    currency: str
    lines: Sequence[LineWanted]
    placed_by: str
    channel: Channel = Channel.SHOP
    shortage: Shortage = Shortage.REFUSE
    promised_on: date | None = None
    """The day for which the customer was promised the goods, if one was named."""


class _PlacedBefore(Refusal):
    """Undoes a second try to place the same order."""

    kind = Kind.CONFLICT
    code = "order_placed_before"


async def place_order(context: Context, wanted: PlaceOrder) -> SalesOrder:
    """Return the order as far as inventory lets it; raise if it can't even be placed."""
    try:
        async with context.database.transaction() as session:
            order, lines = await _store(session, context, wanted)
    except Refusal:
        # A repeat after a crash, or beside its twin, goes on with what was placed then.
        async with context.database.transaction() as session:
            before = await store.find(session, wanted.order_id)
        if before is None:
            raise
        return await drive_order(context, before)
    return await drive_order(context, order, lines)


async def _store(
    session: AsyncSession, context: Context, wanted: PlaceOrder
) -> tuple[SalesOrder, Sequence[OrderLine]]:
    settings = settings_of(context)
    must_be_in_books_currency(wanted.currency, settings.currency)
    await customers.must_know(session, wanted.customer_id)
    site = await reference.site_with_warehouse(session, wanted.site_id, wanted.warehouse_id)
    held_for = await channels.seconds_of(session, wanted.channel)
    at = now()
    promised = when_promised(wanted.promised_on, site, at)
    terms = Terms(customer_id=wanted.customer_id, site=site, currency=wanted.currency, at=at)
    lines, prices, items = await price_wanted(session, terms, wanted.lines)
    order = SalesOrder(
        order_id=wanted.order_id,
        number="",
        customer_id=wanted.customer_id,
        site_id=wanted.site_id,
        warehouse_id=wanted.warehouse_id,
        currency=wanted.currency,
        total=total_of(lines),
        placed_at=at,
        placed_by=wanted.placed_by,
        ttl_seconds=held_for or settings.reservation_ttl_seconds,
        channel=wanted.channel,
        shortage=wanted.shortage,
        promised_at=promised,
    )
    ahead = await who_is_ahead(session, order, lines)
    order.number = await store.next_number(session, PREFIX, site.site_id, site.day_of(at))
    if not await store.add_if_new(session, order, lines):
        raise _PlacedBefore
    await store.keep_prices(session, order, prices)
    await substitutes.keep(session, order.site_id, order.order_id, _stood_for(wanted.lines))
    await outbox.add(session, [placed(order, lines, items)])
    if ahead:
        order = await wait_behind_others(session, order, ahead)
    return order, lines


def when_promised(promised_on: date | None, site: Site, at: datetime) -> datetime | None:
    """Return when the day begins at the site for which the goods are promised."""
    if promised_on is None:
        return None
    today = site.day_of(at)
    if promised_on < today:
        raise PromisedInThePast(
            site_id=site.site_id, today=str(today), promised_on=str(promised_on)
        )
    return site.start_of(promised_on)


async def price_wanted(
    session: AsyncSession, terms: Terms, wanted: Sequence[LineWanted]
) -> tuple[list[OrderLine], list[Found], Mapping[str, Item]]:
    """Return lines at their prices, how they came to them, and their items; or raise."""
    items = await check_lines(session, wanted)
    for one in wanted:
        one.must_be_free()
    await substitutes.must_stand_in(session, _stood_for(wanted), terms.site.day_of(terms.at))
    prices = await price_lines(session, terms, [to_price(one, items) for one in wanted])
    lines = [one.at(price.amount) for one, price in zip(wanted, prices, strict=True)]
    return lines, prices, items


def _stood_for(lines: Sequence[LineWanted]) -> dict[int, tuple[str, str | None]]:
    return {one.line_no: (one.item_id, one.substitute_for) for one in lines}


def to_price(line: LineWanted, items: Mapping[str, Item]) -> LineToPrice:
    """Return a line as it is priced."""
    return LineToPrice(
        line_no=line.line_no,
        item=items[line.item_id],
        unit=line.unit,
        quantity=line.quantity,
        amount=Decimal(0) if line.gift else line.amount,
    )


async def check_lines(
    session: AsyncSession, lines: Sequence[LineWanted | OrderLine]
) -> Mapping[str, Item]:
    """Return the items of lines; raise if one may not be sold, or not in that quantity."""
    items = await reference.items_of(session, [line.item_id for line in lines])
    for line in lines:
        item = items[line.item_id]
        item.must_be_sellable(line.line_no, gift=line.gift)
        # Inventory knows the other units, and refuses by name what is none.
        if line.unit == item.base_unit:
            item.must_measure(line.quantity, line.line_no)
        elif line.batch_choice is BatchChoice.FEFO and not line.batch_id:
            raise ChoiceNeedsBaseUnit(
                line_no=line.line_no, item_id=item.item_id, unit=line.unit, base_unit=item.base_unit
            )
    return items


def placed(
    order: SalesOrder, lines: Sequence[OrderLine], items: Mapping[str, Item]
) -> SalesOrderPlaced:
    """Say what was ordered, by whom and where."""
    return SalesOrderPlaced(
        order_id=order.order_id,
        number=order.number,
        site_id=order.site_id,
        at=order.placed_at,
        customer_id=order.customer_id,
        warehouse_id=order.warehouse_id,
        currency=order.currency,
        channel=order.channel.value,
        lines=sold_lines(lines, items),
    )
