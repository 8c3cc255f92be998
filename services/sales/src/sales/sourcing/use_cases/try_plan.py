"""Try the best plan that was not tried yet: place an order with each of its warehouses."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.inventory_client import Refused
from sales.orders import store as orders
from sales.orders.domain.lines import OrderLine
from sales.orders.domain.order import SalesOrder
from sales.orders.use_cases.place_order import PREFIX, placed
from sales.reference import store as reference
from sales.sourcing import store
from sales.sourcing.domain.planning import Choice
from sales.sourcing.domain.refusals import NoSource
from sales.sourcing.domain.request import SourcingRequest
from sales.sourcing.domain.sources import Plan, Shipping
from sales.sourcing.domain.states import ATTEMPTS_MAX, Need
from sales.sourcing.store import RequestLine
from sales.sourcing.use_cases.choose_sources import LineAsked, choose_sources, considered
from sales.substitutes import store as substitutes
from servicekit import outbox
from servicekit.clock import now
from servicekit.context import Context

CENT = Decimal("0.01")


async def try_plan(context: Context, request: SourcingRequest) -> None:
    """Place the orders of the next plan, or refuse the request if there is none."""
    async with context.database.transaction() as session:
        lines = await store.lines_of(session, request)
    own = (request.site_id, request.warehouse_id)
    choice = await choose_sources(context, own, [_asked(line) for line in lines])
    async with context.database.transaction() as session:
        found = await store.request_to_change(session, request.request_id)
        before = await store.orders_of(session, found, locked=True)
        if not found.is_open or found.next_need(before) is not Need.PLAN:
            return
        if isinstance(choice, Refused):
            found.refuse(choice.code, choice.problem)
            return
        found.considered = considered(choice)
        plan = _next_plan(found, choice)
        if plan is None:
            found.refuse(NoSource.code, {})
            return
        await _place(session, found, plan, lines)


def _asked(line: RequestLine) -> LineAsked:
    return LineAsked(
        item_id=line.item_id, unit=line.unit, quantity=line.quantity, batch_id=line.batch_id
    )


def _next_plan(request: SourcingRequest, choice: Choice) -> Plan | None:
    if request.attempt >= ATTEMPTS_MAX:
        return None
    return next(choice.plans(request.mode, request.tried_places), None)


async def _place(
    session: AsyncSession, request: SourcingRequest, plan: Plan, lines: Sequence[RequestLine]
) -> None:
    request.attempt, request.rule = request.attempt + 1, plan.rule
    request.tried = [*request.tried, sorted(plan.places)]
    amounts = amounts_of(plan, lines)
    items = await reference.items_of(session, [line.item_id for line in lines])
    known = {line.line_no: line for line in lines}
    # In order of sites: each gives its order a number, and others of that site wait for theirs.
    numbered = sorted(enumerate(plan.shippings), key=lambda one: one[1].source.place)
    for number, shipping in numbered:
        parts = _parts(shipping, amounts[number], known)
        order = await _order(session, request, request.order_id(number), shipping, parts)
        await orders.add_if_new(session, order, parts)
        stood_for = {
            part.line_no: (part.item_id, known[line_no].substitute_for)
            for part, line_no in zip(parts, sorted(shipping.lines), strict=True)
        }
        await substitutes.keep(session, order.site_id, order.order_id, stood_for)
        await store.add_order(session, request, order.order_id, shipping)
        await outbox.add(session, [placed(order, parts, items)])


async def _order(
    session: AsyncSession,
    request: SourcingRequest,
    order_id: UUID,
    shipping: Shipping,
    parts: Sequence[OrderLine],
) -> SalesOrder:
    source, at = shipping.source, now()
    site = await reference.site_with_warehouse(session, source.site_id, source.warehouse_id)
    return SalesOrder(
        order_id=order_id,
        number=await orders.next_number(session, PREFIX, site.site_id, site.day_of(at)),
        customer_id=request.customer_id,
        site_id=source.site_id,
        warehouse_id=source.warehouse_id,
        currency=request.currency,
        total=sum((part.amount for part in parts), Decimal(0)),
        placed_at=at,
        placed_by=request.placed_by,
        ttl_seconds=request.ttl_seconds,
        channel=request.channel,
    )


def _parts(
    shipping: Shipping, amounts: Mapping[int, Decimal], known: Mapping[int, RequestLine]
) -> list[OrderLine]:
    return [
        OrderLine(
            line_no=number,
            item_id=known[line_no].item_id,
            unit=known[line_no].unit,
            quantity=shipping.lines[line_no],
            amount=amounts[line_no],
            batch_id=known[line_no].batch_id,
        )
        for number, line_no in enumerate(sorted(shipping.lines), start=1)
    ]


def amounts_of(plan: Plan, lines: Sequence[RequestLine]) -> list[dict[int, Decimal]]:
    """Share the amount of each line among those who ship it; the parts add up to the cent."""
    whole = {line.line_no: line for line in lines}
    gone, given = dict.fromkeys(whole, Decimal(0)), dict.fromkeys(whole, Decimal(0))
    shares = list[dict[int, Decimal]]()
    for shipping in plan.shippings:
        share = dict[int, Decimal]()
        for line_no, much in shipping.lines.items():
            line = whole[line_no]
            gone[line_no] += much
            due = (line.amount * gone[line_no] / line.quantity).quantize(CENT, ROUND_DOWN)
            share[line_no] = due - given[line_no]
            given[line_no] = due
        shares.append(share)
    return shares
