"""Import orders: each is placed by itself, and what one does wrong keeps no other one out.

A reference stands for one order of a customer: whoever sends it again, in this file or another
one, finds that order. What inventory refused, or nobody could place, was never ordered, and is
tried anew.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sales.channels.domain import Channel
from sales.importing import store
from sales.importing.domain import Key, NotTried, OrderInFile, ReferenceTaken
from sales.orders import store as orders
from sales.orders.domain.lines import LineWanted
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import OrderStatus
from sales.orders.use_cases.drive_order import drive_order
from sales.orders.use_cases.place_order import PlaceOrder, place_order
from sales.settings import settings_of
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.context import Context
from servicekit.errors import Refusal
from servicekit.ids import new_id

ORDERS_AT_ONCE = 8


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of an order of a file."""

    given: OrderInFile
    order: SalesOrder | None = None
    placed_before: bool = False
    refusal: Refusal | None = None
    """Why it could not even be asked for."""
    problem: Mapping[str, Any] | None = None
    """Why inventory refused it, in its own words."""


async def import_orders(
    context: Context, given: Sequence[OrderInFile], torn: Collection[Key], caller: Caller
) -> list[Imported]:
    """Return what became of each order; once inventory is silent, no others are tried."""
    room, silent = asyncio.Semaphore(ORDERS_AT_ONCE), asyncio.Event()

    async def one(order: OrderInFile) -> Imported:
        async with room:
            try:
                order.must_be_one(torn)
                if silent.is_set():
                    raise NotTried
                done = await _import(context, order, caller)
            except Refusal as refusal:
                return Imported(given=order, refusal=refusal)
        if done.order is not None and done.order.next_step is not None:
            silent.set()
        return done

    return list(await asyncio.gather(*(one(order) for order in given)))


async def _import(context: Context, given: OrderInFile, caller: Caller) -> Imported:
    caller.must_cover(given.head.site_id)
    order_id, before = await _claim(context, given, caller)
    if before is not None:
        order = await drive_order(context, before)
    else:
        order = await place_order(context, _wanted(context, given, order_id, caller))
    problem = None
    if order.status is OrderStatus.REFUSED:
        async with context.database.transaction() as session:
            problem = await orders.refusal_of(session, order)
    return Imported(given=given, order=order, placed_before=before is not None, problem=problem)


async def _claim(
    context: Context, given: OrderInFile, caller: Caller
) -> tuple[UUID, SalesOrder | None]:
    """Return the order that the reference stands for, and how it stands if it was placed."""
    at = now()
    async with context.database.transaction() as session:
        claim = await store.claim(session, given, caller.subject, at)
        before = await orders.find(session, claim.order_id)
        if before is None or before.status is OrderStatus.REFUSED:
            order_id = claim.order_id if before is None else new_id()
            await store.reclaim(session, given, order_id, caller.subject, at)
            return order_id, None
    if claim.content != given.content:
        customer_id, reference = given.key
        raise ReferenceTaken(customer_id=customer_id, reference=reference, number=before.number)
    return claim.order_id, before


def _wanted(context: Context, given: OrderInFile, order_id: UUID, caller: Caller) -> PlaceOrder:
    head = given.head
    return PlaceOrder(
        order_id=order_id,
        customer_id=head.customer_id,
        site_id=head.site_id,
        warehouse_id=head.warehouse_id,
        currency=settings_of(context).currency,
        lines=[
            LineWanted(
                line_no=line_no,
                item_id=row.item_id,
                unit=row.unit,
                quantity=row.quantity,
                amount=row.amount,
                batch_id=row.batch_id,
                serials=row.serials,
            )
            for line_no, row in enumerate(given.rows.values(), start=1)
        ],
        placed_by=caller.subject,
        channel=Channel.IMPORT,
        shortage=head.shortage,
        promised_on=head.promised_on,
    )
