"""Say to others where an order has come to."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Event
from contracts.sales import (
    SalesOrderClosed,
    SalesOrderOnCredit,
    SalesOrderPaid,
    SalesOrderRefunded,
    SalesOrderReserved,
    SoldLine,
)
from sales.credit import store as credit
from sales.credit.domain.account import Receivable
from sales.orders.domain.changing import Outcome
from sales.orders.domain.lines import OrderLine
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import ENDED, OrderStatus
from sales.orders.store import back_orders, changes, rests
from sales.reference.domain import Item
from servicekit import outbox
from servicekit.clock import now


def sold_lines(lines: Sequence[OrderLine], items: Mapping[str, Item]) -> tuple[SoldLine, ...]:
    """Say what the lines of an order are; of items that are not given, always in which unit."""
    bases = {item_id: item.base_unit for item_id, item in items.items()}
    return tuple(
        SoldLine(
            line_no=line.line_no,
            item_id=line.item_id,
            quantity=line.quantity,
            amount=line.amount,
            batch_id=line.batch_id,
            serials=tuple(line.serials),
            sold_in=None if line.unit == bases.get(line.item_id) else line.unit,
        )
        for line in lines
    )


async def announce_order(session: AsyncSession, order: SalesOrder) -> None:
    """Publish the order's new state, if it is one that others can count on."""
    if order.promised_at is not None and order.status is not OrderStatus.BACKORDERED:
        await back_orders.leave_queue(session, order)
    if order.round and order.status in ENDED:
        await changes.decide(session, order, Outcome.LAPSED, now())
    if refund := await _refund(session, order):
        await outbox.add(session, [refund])
    owed = await credit.receivable_of(session, order.order_id) if order.on_credit else None
    event = _event(order, owed)
    if event is not None:
        await outbox.add(session, [event])


async def _refund(session: AsyncSession, order: SalesOrder) -> SalesOrderRefunded | None:
    """Say what comes back to the customer if goods that were paid will not leave.

    What was on credit is taken off the customer's account instead.
    """
    if order.on_credit or order.paid_at is None or order.cause is None:
        return None
    amount = order.due
    if order.shipment_id is not None:
        rest = await rests.rest_of(session, order)
        amount = Decimal(0) if rest is None else rest.amount
    if not amount:
        return None
    return SalesOrderRefunded(
        order_id=order.order_id,
        number=order.number,
        site_id=order.site_id,
        at=now(),
        customer_id=order.customer_id,
        amount=amount,
        currency=order.currency,
        cause=order.cause,
    )


def _event(order: SalesOrder, owed: Receivable | None) -> Event | None:
    fact = {
        "order_id": order.order_id,
        "number": order.number,
        "site_id": order.site_id,
        "at": now(),
    }
    match order.status:
        case OrderStatus.RESERVED:
            return SalesOrderReserved(
                **fact,
                reservation_id=order.reservation_id,
                expires_at=order.expires_at,
                amount=order.due,
                back_order_id=order.back_order_id,
            )
        case OrderStatus.PAID if owed is not None:
            return SalesOrderOnCredit(
                **fact,
                customer_id=order.customer_id,
                amount=order.due,
                currency=order.currency,
                due_on=owed.due_on,
                allowed_by=owed.allowed_by,
                reason=owed.reason,
            )
        case OrderStatus.PAID:
            return SalesOrderPaid(**fact, amount=order.due, currency=order.currency)
        case OrderStatus.REFUSED | OrderStatus.EXPIRED | OrderStatus.CANCELLED:
            return SalesOrderClosed(**fact, outcome=order.status.value, cause=order.cause)
        case _:
            return None
