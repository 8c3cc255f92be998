"""Post a return: the goods are back, the customer gets their share of what was paid for them.

Nobody waits for inventory here. The facts leave with this transaction, behind those about the
shipment, and the return stays `posting` until inventory says that it stands in the ledger.
"""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import (
    CustomerReturnPosted,
    GoodsLost,
    RefundGranted,
    ReturnedLine,
    ReturnFact,
)
from sales.credit.use_cases.reduce_receivable import reduce_receivables
from sales.orders import store as orders
from sales.returns import store
from sales.returns.domain.customer_return import CustomerReturn
from sales.returns.domain.states import ReturnCause
from sales.shipments import store as shipments
from sales.shipments.use_cases.complete_order import complete_order
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now


async def post_return(
    session: AsyncSession, return_id: UUID, caller: Caller, versions: Collection[int] | None
) -> CustomerReturn:
    """Return the return on its way into the books; of two who post it one is refused."""
    order = await orders.order_to_change(session, await store.order_of(session, return_id))
    found = await store.return_to_change(session, return_id)
    caller.must_cover(found.site_id)
    found.must_be_at(versions)
    shipment = await shipments.shipment_of(session, found.shipment_id)
    if found.cause.never_reached_customer:
        shipment.must_not_be_signed_for()
    shipped, at = await store.shipped_lines(session, shipment), now()
    found.post(shipped, caller.subject, at)
    if shipment.signed_at is None and found.completes(shipped):
        await shipments.note_came_back(session, shipment, at)
    await outbox.add(session, list(_told(found, on_account=order.on_credit)))
    if order.on_credit and found.refund:
        owed = {order.order_id: order.customer_id}
        await reduce_receivables(session, owed, found.refund, at)
    await complete_order(session, order.order_id)
    return found


def _told(posted: CustomerReturn, *, on_account: bool) -> Iterator[ReturnFact]:
    said = {
        "return_id": posted.return_id,
        "number": posted.number,
        "shipment_id": posted.shipment_id,
        "order_id": posted.order_id,
        "site_id": posted.site_id,
        "currency": posted.currency,
        "posted_at": posted.posted_at,
        "posted_by": posted.posted_by,
    }
    goods = {
        "shipment_number": posted.shipment_number,
        "lines": tuple(
            ReturnedLine.model_validate(line, from_attributes=True) for line in posted.lines
        ),
    }
    if posted.cause is ReturnCause.LOST:
        yield GoodsLost.model_validate({**said, **goods, "noticed_at": posted.returned_at})
    else:
        yield CustomerReturnPosted.model_validate(
            {
                **said,
                **goods,
                "cause": _told_cause(posted.cause).value,
                "reverses_shipment": posted.cause is ReturnCause.REVERSAL,
                "warehouse_id": posted.warehouse_id,
                "returned_at": posted.returned_at,
                "device_id": posted.device_id,
            }
        )
    if posted.refund:
        customer = {"customer_id": posted.customer_id, "amount": posted.refund}
        yield RefundGranted.model_validate({**said, **customer, "on_account": on_account})


def _told_cause(cause: ReturnCause) -> ReturnCause:
    """Return the cause as the fact names it: goods of a reversed shipment never arrived either."""
    return ReturnCause.UNDELIVERED if cause is ReturnCause.REVERSAL else cause
