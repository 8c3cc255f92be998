"""Cancel a receipt that will not be posted, so that its goods may be received otherwise."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.clocks.domain import ClockKind
from purchasing.clocks.use_cases.stop_clock import stop_clock
from purchasing.orders import store as orders
from purchasing.receipts import store
from purchasing.receipts.domain import Receipt
from purchasing.receipts.use_cases.tell_steps import cancelled
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now


async def cancel_receipt(
    session: AsyncSession, receipt_id: UUID, caller: Caller, versions: Collection[int] | None
) -> Receipt:
    """Return the cancelled receipt; cancelling it again changes nothing."""
    receipt = await store.receipt_to_step(session, receipt_id)
    caller.must_cover(receipt.site_id)
    receipt.must_be_at(versions)
    at = now()
    if receipt.cancel(caller.subject, at):
        await stop_clock(session, ClockKind.POSTING, receipt.receipt_id, at, given_up=True)
        order = await orders.order_to_change(session, receipt.order_id)
        order.expect_no_more(receipt.arrivals())
        await outbox.add(session, [cancelled(receipt)])
    return receipt
