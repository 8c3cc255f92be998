"""Pay a request as a whole, take it on credit as a whole, or cancel it as a whole."""

from decimal import Decimal
from uuid import UUID

from sales.credit.use_cases.charge_account import charge_account
from sales.orders.use_cases.take_on_credit import charge_for
from sales.sourcing import store
from sales.sourcing.domain.request import SourcingRequest
from sales.sourcing.domain.states import PAID
from sales.sourcing.use_cases.drive_request import drive_request
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.context import Context


async def pay_request(
    context: Context, request_id: UUID, payment_id: UUID, amount: Decimal, caller: Caller
) -> SourcingRequest:
    """Return the request once all its orders are paid, or none: then the others are cancelled.

    An order that its own site was paid for is not paid again.
    """
    async with context.database.transaction() as session:
        request = await store.request_to_change(session, request_id)
        caller.must_cover(request.site_id)
        orders = await store.orders_of(session, request, locked=True)
        due = sum((one.total for one in orders if one.status not in PAID), Decimal(0))
        request.pay(payment_id, amount, due, now())
    return await drive_request(context, request)


async def take_request_on_credit(
    context: Context,
    request_id: UUID,
    command_id: UUID,
    caller: Caller,
    allowed_because: str | None = None,
) -> SourcingRequest:
    """Return the request once all its orders are on credit, or none: as when it is paid.

    All are owed, in one transaction, before inventory is asked; what it does not keep after all is
    taken off again with its order.
    """
    at = now()
    async with context.database.transaction() as session:
        request = await store.request_to_change(session, request_id)
        caller.must_cover(request.site_id)
        orders = await store.orders_of(session, request, locked=True)
        owed = request.take_on_credit(command_id, orders, at)
        charges = [charge_for(one, caller, at, allowed_because) for one in owed]
        if charges:
            await charge_account(session, request.number, request.customer_id, charges)
    return await drive_request(context, request)


async def cancel_request(context: Context, request_id: UUID, caller: Caller) -> SourcingRequest:
    """Return the request on its way to having nothing held for it."""
    async with context.database.transaction() as session:
        request = await store.request_to_change(session, request_id)
        caller.must_cover(request.site_id)
        orders = await store.orders_of(session, request, locked=True)
        request.cancel(caller.subject, orders, now())
    return await drive_request(context, request)
