"""Take an order on credit: its goods are held for good as if it were paid, and it is owed."""

from datetime import datetime
from uuid import UUID

from sales.credit.use_cases.charge_account import Charge, charge_account
from sales.orders import store
from sales.orders.domain.order import SalesOrder
from sales.orders.use_cases.drive_order import drive_order
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.context import Context


async def take_on_credit(
    context: Context,
    order_id: UUID,
    command_id: UUID,
    caller: Caller,
    allowed_because: str | None = None,
) -> SalesOrder:
    """Return the order as far as inventory lets it; `command_id` is the same at every repeat.

    It is owed before inventory is asked: meanwhile no other order can take the same credit.
    """
    at = now()
    async with context.database.transaction() as session:
        order = await store.order_to_change(session, order_id)
        caller.must_cover(order.site_id)
        if order.take_on_credit(command_id, at):
            charge = charge_for(order, caller, at, allowed_because)
            await charge_account(session, order.number, order.customer_id, [charge])
    return await drive_order(context, order)


def charge_for(
    order: SalesOrder, caller: Caller, at: datetime, allowed_because: str | None
) -> Charge:
    """Return what is owed for an order that is taken on credit."""
    return Charge(
        order_id=order.order_id,
        number=order.number,
        site_id=order.site_id,
        customer_id=order.customer_id,
        currency=order.currency,
        amount=order.due,
        by=caller.subject,
        at=at,
        allowed_because=allowed_because,
    )
