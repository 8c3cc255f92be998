"""Let an order wait for goods that are not there: all of it, or what of it was not there.

It stands in the queue for each of its goods, behind those that were promised them earlier.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import SalesOrderBackordered
from sales.inventory_client import Held, LineHeld
from sales.orders import store
from sales.orders.domain.lines import HeldLine, OrderLine, total_of
from sales.orders.domain.naming import Named
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.refusals import OthersWaitLonger
from sales.orders.domain.splitting import PartHeld, is_part, split
from sales.orders.domain.states import Shortage
from sales.orders.store import back_orders
from sales.orders.use_cases.announce_order import sold_lines
from sales.orders.use_cases.ask_for_goods import HeldAsProposed
from sales.reference import store as reference
from servicekit import outbox
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "SO"


async def wait_for_goods(
    session: AsyncSession, order: SalesOrder, problem: Mapping[str, Any], *, is_new: bool
) -> None:
    """Put a back order into its queues, or note that its goods were not there again."""
    at = now()
    order.promised_at = order.promised_at or order.placed_at
    order.sleep(at)
    lines = await store.lines_of(session, order)
    short = problem.get("shortages", ())
    await back_orders.keep_goods(session, order, back_orders.goods_wanted(lines, short))
    await back_orders.keep_try(session, order, at, problem)
    if is_new:
        await outbox.add(session, [await _backordered(session, order, lines)])


async def who_is_ahead(
    session: AsyncSession, order: SalesOrder, lines: Sequence[OrderLine]
) -> Sequence[RowMapping]:
    """Return who waits already for the goods of a new order, which then waits too if it may."""
    if order.shortage is Shortage.REFUSE:
        return ()
    goods = back_orders.goods_wanted(lines, ())
    ahead = await back_orders.ahead_of(session, order, goods)
    if ahead:
        order.await_goods()
    return ahead


async def wait_behind_others(
    session: AsyncSession, order: SalesOrder, ahead: Sequence[RowMapping]
) -> SalesOrder:
    """Let a new order, which is kept as one that waits, stand behind those ahead of it.

    It has its turn as soon as none of them is in its way.
    """
    order = await store.order_to_change(session, order.order_id)
    order.wake(now())
    await wait_for_goods(session, order, told_who_is_ahead(order, ahead), is_new=True)
    return order


def told_who_is_ahead(order: SalesOrder, ahead: Sequence[RowMapping]) -> dict[str, object]:
    """Return why an order waits, though nothing may be short."""
    why = OthersWaitLonger(number=order.number, ahead=[dict(one) for one in ahead])
    return {"code": why.code, "detail": why.text("en"), **why.facts}


async def keep_what_is_held(session: AsyncSession, order: SalesOrder, answer: Held) -> None:
    """Keep what inventory holds; if that is a part of the order, the rest waits as another one."""
    if isinstance(answer, HeldAsProposed):
        await take_named(session, order, answer.named)
    numbers: Mapping[int, int] = {}
    if order.lines_from > 1 or order.takes_part:
        lines = await store.lines_of(session, order)
        numbers = {place: line.line_no for place, line in enumerate(lines, start=1)}
        held = _parts_held(answer.lines)
        if is_part(lines, held):
            numbers = await _split(session, order, lines, held, answer)
    kept = [held_line(line, numbers) for line in answer.lines]
    await store.keep_held(session, order, kept)


async def take_named(session: AsyncSession, order: SalesOrder, named: Named) -> list[OrderLine]:
    """Let lines by batch take the place of those they are of; return them."""
    await back_orders.copy_what_stands_beside(session, order, order, named.of)
    await store.add_lines(session, order, named.lines)
    order.amend(named.lines)
    return named.lines


async def keep_dates(session: AsyncSession, order: SalesOrder, answer: Held) -> None:
    """Keep until when the batches may be sold that are held for good: it is seen to on leaving."""
    dates = {said.line_no: (said.expires_on, said.sellable_until) for said in answer.dates}
    if dates:
        await store.date_held(session, order, dates)


async def _split(
    session: AsyncSession,
    order: SalesOrder,
    lines: Sequence[OrderLine],
    held: Mapping[int, PartHeld],
    answer: Held,
) -> Mapping[int, int]:
    """Let the rest wait; return the numbers of what is kept, by their lines' places before."""
    parted = split(lines, held)
    rest = await _rest_of(session, order, total_of(parted.rest))
    order.amend(parted.kept)
    order.back_order_id = rest.order_id
    await store.add_lines(session, order, parted.kept)
    await back_orders.copy_what_stands_beside(session, order, rest, parted.rest_of)
    await back_orders.copy_what_stands_beside(session, order, order, parted.kept_of)
    await store.add_if_new(session, rest, parted.rest)
    rest = await store.order_to_change(session, rest.order_id)
    problem = {"code": "insufficient_stock", "shortages": list(answer.shortages)}
    await wait_for_goods(session, rest, problem, is_new=True)
    places = {line.line_no: place for place, line in enumerate(lines, start=1)}
    return {places[old]: new for new, old in parted.kept_of.items()}


async def _rest_of(session: AsyncSession, order: SalesOrder, total: Decimal) -> SalesOrder:
    """Return an order like this one that waits for goods, at the same place in the queue."""
    at = now()
    site = await reference.site_of(session, order.site_id)
    rest = SalesOrder(
        order_id=new_id(),
        number=await store.next_number(session, PREFIX, site.site_id, site.day_of(at)),
        customer_id=order.customer_id,
        site_id=order.site_id,
        warehouse_id=order.warehouse_id,
        currency=order.currency,
        total=total,
        placed_at=at,
        placed_by=order.placed_by,
        ttl_seconds=order.ttl_seconds,
        channel=order.channel,
        shortage=order.shortage,
        promised_at=order.promised_at or order.placed_at,
        from_order_id=order.order_id,
    )
    rest.await_goods()
    return rest


async def _backordered(
    session: AsyncSession, order: SalesOrder, lines: Sequence[OrderLine]
) -> SalesOrderBackordered:
    items = await reference.items_of(session, [line.item_id for line in lines])
    return SalesOrderBackordered(
        order_id=order.order_id,
        number=order.number,
        site_id=order.site_id,
        at=now(),
        customer_id=order.customer_id,
        warehouse_id=order.warehouse_id,
        currency=order.currency,
        promised_at=order.promised_at,
        from_order_id=order.from_order_id,
        lines=sold_lines(lines, items),
    )


def _parts_held(lines: Sequence[LineHeld]) -> dict[int, PartHeld]:
    """Return what is held of each line, by its place; the components of a kit say the same."""
    return {
        line.kit_line_no or line.line_no: PartHeld(
            line.quantity if line.unit_quantity is None else line.unit_quantity,
            () if line.kit_line_no else line.serials,
        )
        for line in lines
    }


def held_line(line: LineHeld, numbers: Mapping[int, int] | None = None) -> HeldLine:
    """Return what inventory says it holds as a line that is kept.

    `numbers` are those of the order's lines by their places, where they are not just these.
    """
    place = line.kit_line_no or line.line_no
    return HeldLine(
        line_no=line.line_no,
        order_line_no=(numbers or {}).get(place, place),
        item_id=line.item_id,
        quantity=line.quantity,
        batch_id=line.batch_id,
        serials=line.serials,
        unit_version=line.unit_version,
    )
