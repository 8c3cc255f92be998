"""Drive a request on: choose warehouses, have its orders held, and undo them if not all can be.

Every step is a transaction of its own that looks again where the request and its orders stand, so
a crash, or somebody else who drives the same request, leaves nothing worse than a step to repeat.
"""

import asyncio

import structlog

from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import OrderStatus
from sales.orders.use_cases.drive_order import drive_order
from sales.orders.use_cases.settle_due import settle_due
from sales.sourcing import store
from sales.sourcing.domain.request import SourcingRequest, can_be_undone
from sales.sourcing.domain.states import Need
from sales.sourcing.use_cases.try_plan import try_plan
from servicekit.client import PeerUnavailable
from servicekit.clock import now
from servicekit.context import Context

log = structlog.get_logger()

REQUESTS_AT_ONCE = 16


async def drive_request(context: Context, request: SourcingRequest) -> SourcingRequest:
    """Return the request as far on as inventory lets it; while inventory is away, as it was."""
    while request.is_open:
        try:
            moved = await _step(context, request)
        except PeerUnavailable:
            log.warning("request waits for inventory", request_id=str(request.request_id))
            moved = False
        async with context.database.transaction() as session:
            request = await store.request_to_change(session, request.request_id)
        if not moved:
            break
    return request


async def settle_requests(context: Context) -> None:
    """Drive on what is due."""

    async def drive(request: SourcingRequest) -> bool:
        return not (await drive_request(context, request)).is_open

    await settle_due(lambda: _claim(context), drive, lambda request: request.number)


async def _claim(context: Context) -> list[SourcingRequest]:
    """Take requests nobody else is at, and put off their next look before this one."""
    async with context.database.transaction() as session:
        due = await store.requests_due(session, now(), REQUESTS_AT_ONCE)
        for request in due:
            request.wait(now())
    return due


async def _step(context: Context, request: SourcingRequest) -> bool:
    """Do what the request needs next; return whether that brought it on."""
    async with context.database.transaction() as session:
        orders = await store.orders_of(session, request)
        need = request.next_need(orders)
    match need:
        case Need.PLAN:
            await try_plan(context, request)
        case Need.DRIVE:
            waiting = [order for order in orders if order.next_step is not None]
            driven = await asyncio.gather(*(drive_order(context, order) for order in waiting))
            return any(order.next_step is None for order in driven)
        case _:
            await _change(context, request, need)
    return True


async def _change(context: Context, request: SourcingRequest, need: Need) -> None:
    """Do what takes no question, if it still is what is needed once all is locked."""
    async with context.database.transaction() as session:
        request = await store.request_to_change(session, request.request_id)
        orders = await store.orders_of(session, request, locked=True)
        if not request.is_open or request.next_need(orders) is not need:
            return
        if need is Need.SETTLE:
            request.settle(orders)
            return
        for order in orders:
            _order_step(request, order, need)


def _order_step(request: SourcingRequest, order: SalesOrder, need: Need) -> None:
    at = now()
    if need is Need.UNDO and can_be_undone(order):
        order.cancel(request.cause or request.number, at)
    elif need is Need.PAY and order.status is OrderStatus.RESERVED:
        order.pay(request.payment_of(order.order_id), order.total, at)
