"""Define a customer, or describe one anew."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import CustomerDefined
from sales.customers import store
from sales.customers.domain import Customer
from servicekit import outbox
from servicekit.clock import now


async def define_customer(session: AsyncSession, customer_id: str, name: str) -> Customer:
    """Return the customer; say so to others unless it was described just like this before."""
    is_new = await store.add_if_new(
        session, Customer(customer_id=customer_id, name=name, created_at=now())
    )
    customer = await store.customer_to_change(session, customer_id)
    if customer.redefine(name) or is_new:
        event = CustomerDefined(customer_id=customer.customer_id, name=customer.name)
        await outbox.add(session, [event])
    return customer
