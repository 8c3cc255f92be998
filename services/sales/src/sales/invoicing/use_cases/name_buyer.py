"""Name a buyer: how invoices call a customer, and its tax number if it has one."""

from sqlalchemy.ext.asyncio import AsyncSession

from sales.customers import store as customers
from sales.invoicing import store
from sales.invoicing.domain import Buyer
from servicekit.auth import Caller
from servicekit.clock import now


async def name_buyer(
    session: AsyncSession, customer_id: str, title: str, tax_number: str | None, caller: Caller
) -> Buyer:
    """Return the buyer; raise for a customer that nobody knows."""
    await customers.must_know(session, customer_id)
    buyer = Buyer(
        customer_id=customer_id,
        title=title,
        tax_number=tax_number,
        set_at=now(),
        set_by=caller.subject,
    )
    await store.put_buyer(session, buyer)
    return buyer
