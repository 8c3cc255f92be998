"""Drive an order on: ask inventory for what the order waits for, and record what it says.

The question is asked between two transactions and under a key of its own, so a crash, a lost
answer or somebody else who drives the same order leaves nothing worse than a question to repeat.
"""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from sales.inventory_client import Answer, Held, Refused, inventory_of
from sales.orders import store
from sales.orders.domain.changing import Outcome
from sales.orders.domain.lines import OrderLine
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import CHANGEABLE, OrderStatus, Step
from sales.orders.store import changes, rests
from sales.orders.use_cases.announce_order import announce_order
from sales.orders.use_cases.ask_for_goods import (
    ask_for_goods,
    ask_to_exchange,
    only_to_be_named,
)
from sales.orders.use_cases.free_credit import free_credit
from sales.orders.use_cases.settle_change import give_up_change
from sales.orders.use_cases.take_change import take_change
from sales.orders.use_cases.wait_for_goods import keep_dates, keep_what_is_held, wait_for_goods
from servicekit.client import PeerUnavailable
from servicekit.clock import now
from servicekit.context import Context

log = structlog.get_logger()


async def drive_order(
    context: Context, order: SalesOrder, lines: Sequence[OrderLine] | None = None
) -> SalesOrder:
    """Return the order as far on as inventory lets it; while inventory is away, as it was."""
    while (step := order.next_step) is not None:
        try:
            answer = await _ask(context, order, step, lines)
        except PeerUnavailable:
            log.warning("order waits for inventory", order_id=str(order.order_id), step=step)
            return order
        order = await _record(context, order.order_id, (step, order.round), answer)
        if order.next_step is step:
            log.error("inventory's answer is no way on", order_id=str(order.order_id), step=step)
            return order
    return order


async def _ask(
    context: Context, order: SalesOrder, step: Step, lines: Sequence[OrderLine] | None
) -> Answer:
    inventory = inventory_of(context)
    if step is Step.RESERVE:
        return await ask_for_goods(context, order, lines)
    if order.reservation_id is None:
        raise AssertionError("an order that holds nothing has nothing to confirm or release")
    if step is Step.EXCHANGE:
        return await ask_to_exchange(context, order, order.reservation_id)
    if step is Step.RELEASE_REST:
        async with context.database.transaction() as session:
            rest = await rests.rest_of(session, order)
        if rest is None:
            raise AssertionError("a rest is kept before inventory is asked to let go of it")
        key = order.order_id, order.reservation_id
        return await inventory.release_rest(key, rest.shipment_id, rest.shipped)
    question = inventory.confirm if step is Step.CONFIRM else inventory.release
    return await question(order.order_id, order.reservation_id)


async def _record(
    context: Context, order_id: UUID, asked: tuple[Step, int], answer: Answer
) -> SalesOrder:
    step, asked_round = asked
    async with context.database.transaction() as session:
        order = await store.order_to_change(session, order_id)
        if order.round != asked_round:
            return order
        before = order.status
        if isinstance(answer, Held):
            order.grant(step, answer.reservation_id, answer.expires_at, now())
            if order.status is not before:
                await _keep(session, order, step, answer)
        else:
            await _deny(session, order, step, answer)
        # What is changed, or stayed as it was, is reserved, or paid, as before.
        changed = step is Step.EXCHANGE and order.status in CHANGEABLE
        if order.status is not before and not changed:
            await announce_order(session, order)
            await free_credit(session, [order])
    return order


async def _keep(session: AsyncSession, order: SalesOrder, step: Step, answer: Held) -> None:
    """Keep what is held, and until when it may be sold, now that the order stands elsewhere."""
    if step is Step.EXCHANGE:
        await take_change(session, order, answer)
    elif order.status is OrderStatus.RESERVED:
        await keep_what_is_held(session, order, answer)
    if step in (Step.CONFIRM, Step.EXCHANGE):
        await keep_dates(session, order, answer)


async def _deny(session: AsyncSession, order: SalesOrder, step: Step, answer: Refused) -> None:
    before = order.status
    order.deny(step, answer.code, to_name=only_to_be_named(answer))
    if order.status is OrderStatus.REFUSED is not before:
        await store.keep_refusal(session, order, answer.problem)
    elif step is Step.EXCHANGE and order.status in CHANGEABLE and order.status is not before:
        await give_up_change(session, order, await changes.present_of(session, order))
        await changes.decide(session, order, Outcome.REFUSED, now(), answer.problem)
    elif order.status is OrderStatus.BACKORDERED and order.next_step is None:
        is_new = before is not OrderStatus.BACKORDERED
        await wait_for_goods(session, order, answer.problem, is_new=is_new)
