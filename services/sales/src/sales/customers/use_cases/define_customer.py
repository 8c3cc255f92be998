"""Define a customer, or change what is known of it or agreed with it."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import CustomerDefined
from sales.customers import store
from sales.customers.domain import Customer, CustomerChange, CustomerFacts
from sales.reference import store as reference
from servicekit import outbox
from servicekit.clock import now


async def define_customer(
    session: AsyncSession, customer_id: str, wanted: CustomerChange, by: str
) -> tuple[Customer, bool]:
    """Return the customer, new or not, and whether anything is different now."""
    if wanted.site_id is not None:
        await reference.site_of(session, wanted.site_id)
    facts = wanted.on(CustomerFacts(name=customer_id))
    fresh = Customer(customer_id=customer_id, created_at=now(), **vars(facts))
    if await store.is_known(session, customer_id):
        return await change_customer(session, customer_id, wanted, by)
    facts.must_be_whole(customer_id)
    if not await store.add_if_new(session, fresh):
        return await change_customer(session, customer_id, wanted, by)
    await _tell(session, fresh, by)
    return fresh, True


async def change_customer(
    session: AsyncSession,
    customer_id: str,
    wanted: CustomerChange,
    by: str,
    versions: frozenset[int] | None = None,
) -> tuple[Customer, bool]:
    """Return the customer, and whether anything is different now; raise if there is none."""
    customer = await store.customer_to_change(session, customer_id)
    customer.must_be_at(versions)
    changed = customer.change(wanted)
    if changed:
        await session.flush()
        await _tell(session, customer, by)
    return customer, changed


async def _tell(session: AsyncSession, customer: Customer, by: str) -> None:
    at = now()
    await store.keep_version(session, customer, at, by)
    event = CustomerDefined(
        customer_id=customer.customer_id,
        name=customer.name,
        kind=customer.kind.value,
        site_id=customer.site_id,
        credit_limit=customer.credit_limit,
        terms_days=customer.terms_days,
        version=customer.version,
    )
    await outbox.add(session, [event])
