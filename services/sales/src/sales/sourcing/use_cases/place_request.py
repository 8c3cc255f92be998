"""Place a request: keep it at its prices, then find its goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.channels import store as channels
from sales.channels.domain import Channel
from sales.customers import store as customers
from sales.orders import store as orders
from sales.orders.domain.lines import LineWanted, must_be_in_books_currency, total_of
from sales.orders.use_cases.place_order import check_lines, to_price
from sales.prices.use_cases.price_lines import Terms, price_lines
from sales.reference import store as reference
from sales.settings import settings_of
from sales.sourcing import store
from sales.sourcing.domain.request import SourcingRequest
from sales.sourcing.domain.sources import Mode
from sales.sourcing.store import RequestLine
from sales.sourcing.use_cases.drive_request import drive_request
from sales.substitutes import store as substitutes
from servicekit.clock import now
from servicekit.context import Context

PREFIX = "SQ"


@dataclass(frozen=True, kw_only=True)
class PlaceRequest:
    """What is wanted where, by whom; `request_id` is the same at every repeat."""

    request_id: UUID
    customer_id: str
    site_id: str
    warehouse_id: str
    currency: str
    mode: Mode
    lines: Sequence[LineWanted]
    placed_by: str
    channel: Channel = Channel.SHOP


async def place_request(context: Context, wanted: PlaceRequest) -> SourcingRequest:
    """Return the request as far as inventory lets it; raise if it can't even be placed."""
    async with context.database.transaction() as session:
        request = await store.find(session, wanted.request_id)
        if request is None:
            request = await _store(session, context, wanted)
    return await drive_request(context, request)


async def _store(session: AsyncSession, context: Context, wanted: PlaceRequest) -> SourcingRequest:
    settings, at = settings_of(context), now()
    must_be_in_books_currency(wanted.currency, settings.currency)
    await customers.must_know(session, wanted.customer_id)
    site = await reference.site_with_warehouse(session, wanted.site_id, wanted.warehouse_id)
    items = await check_lines(session, wanted.lines)
    held_for = await channels.seconds_of(session, wanted.channel)
    stood_for = {one.line_no: (one.item_id, one.substitute_for) for one in wanted.lines}
    await substitutes.must_stand_in(session, stood_for, site.day_of(at))
    terms = Terms(customer_id=wanted.customer_id, site=site, currency=wanted.currency, at=at)
    prices = await price_lines(session, terms, [to_price(one, items) for one in wanted.lines])
    pairs = zip(wanted.lines, prices, strict=True)
    lines = [_line(line, price.amount) for line, price in pairs]
    request = SourcingRequest(
        request_id=wanted.request_id,
        number=await orders.next_number(session, PREFIX, site.site_id, site.day_of(at)),
        customer_id=wanted.customer_id,
        site_id=wanted.site_id,
        warehouse_id=wanted.warehouse_id,
        currency=wanted.currency,
        channel=wanted.channel,
        mode=wanted.mode,
        total=total_of(
            one.at(price.amount) for one, price in zip(wanted.lines, prices, strict=True)
        ),
        ttl_seconds=held_for or settings.reservation_ttl_seconds,
        placed_at=at,
        placed_by=wanted.placed_by,
    )
    if await store.add_if_new(session, request, lines):
        return request
    return await store.request_to_change(session, wanted.request_id)


def _line(line: LineWanted, amount: Decimal) -> RequestLine:
    return RequestLine(
        line_no=line.line_no,
        item_id=line.item_id,
        unit=line.unit,
        quantity=line.quantity,
        amount=amount,
        batch_id=line.batch_id,
        substitute_for=line.substitute_for,
    )
