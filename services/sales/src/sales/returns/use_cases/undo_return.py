"""Undo a return in sales: it counts no longer, and its refund is withdrawn.

What it had named can come back on another return, and its order may be open again: all in the
transaction that makes it true.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import (
    CustomerReturnReversed,
    RefundWithdrawn,
    ReturnedLine,
    ReturnReversalFact,
)
from sales.credit.use_cases.owe_again import owe_again
from sales.orders import store as orders
from sales.orders.domain.order import SalesOrder
from sales.returns.domain.customer_return import CustomerReturn
from sales.returns.domain.reversal import ReturnReversal
from sales.shipments import store as shipments
from sales.shipments.use_cases.reopen_order import reopen_order
from sales.shipments.use_cases.tell_settled import paid_on_credit
from servicekit import outbox


async def undo_return(
    session: AsyncSession, undone: CustomerReturn, found: ReturnReversal, at: datetime
) -> None:
    """Let a reversal, which is locked with its order and its return, do what it says, once."""
    if not found.book(at):
        return
    undone.be_reversed(found.reversal_id, found.number, at)
    order = await orders.order_to_change(session, undone.order_id)
    shipment = await shipments.shipment_of(session, undone.shipment_id)
    if shipment.came_back_at is not None:
        await shipments.note_under_way(session, shipment)
    await outbox.add(session, list(_told(undone, found, on_account=order.on_credit)))
    owed = order.on_credit and await _is_owed_again(session, order, undone.refund, at)
    await reopen_order(session, order, owed=owed)


async def _is_owed_again(
    session: AsyncSession, order: SalesOrder, amount: Decimal | None, at: datetime
) -> bool:
    """Owe what had been taken off an order; tell whether it is owed then, or settled at once.

    What a balance settles at once was paid for the order besides: others are told the new sum,
    which no job tells of an order that stays paid.
    """
    if not amount:
        return False
    account = await owe_again(session, order.order_id, order.customer_id, amount, at)
    if account is None:
        return False
    if account.settled_at is not None and order.paid_at is not None:
        await outbox.add(session, [paid_on_credit(order, account)])
    return account.settled_at is None


def _told(
    undone: CustomerReturn, found: ReturnReversal, *, on_account: bool
) -> Iterator[ReturnReversalFact]:
    said = {
        "return_id": undone.return_id,
        "number": undone.number,
        "shipment_id": undone.shipment_id,
        "order_id": undone.order_id,
        "site_id": undone.site_id,
        "currency": undone.currency,
        "posted_at": found.posted_at,
        "posted_by": found.posted_by,
        "reversal_id": found.reversal_id,
        "reversal_number": found.number,
    }
    yield CustomerReturnReversed.model_validate(
        {
            **said,
            "shipment_number": undone.shipment_number,
            "cause": undone.cause.value,
            "reason": found.reason,
            "lines": tuple(
                ReturnedLine.model_validate(line, from_attributes=True) for line in undone.lines
            ),
        }
    )
    if undone.refund:
        customer = {"customer_id": undone.customer_id, "amount": undone.refund}
        yield RefundWithdrawn.model_validate({**said, **customer, "on_account": on_account})
