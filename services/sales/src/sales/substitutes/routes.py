"""HTTP: what could be had instead of an item."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from contracts.wire import Amount, Code, Currency, Quantity
from sales.customers import store as customers
from sales.reference import store as reference
from sales.reference.routes import Reader
from sales.substitutes.use_cases.propose_substitutes import Buyer, Short, propose_substitutes
from servicekit.http.routing import CurrentContext, Session, query_router

queries_router = query_router("substitutes")


class Asked(BaseModel):
    """Instead of how much of what, for whom and where; the quantity is in the base unit."""

    customer_id: Code
    site_id: Code
    warehouse_id: Code
    currency: Currency
    item_id: Code
    quantity: Quantity


class BatchOut(BaseModel):
    """A batch to be named, first expiry first out."""

    batch_id: str
    quantity: Quantity


class SubstituteOut(BaseModel):
    """What stands in for the item, in its own base unit; nothing is held."""

    item_id: str
    substitute_id: str
    unit: str
    quantity: Quantity
    available: Quantity
    enough: bool
    amount: Amount | None
    """What so much of it costs the customer now, if it has a price."""
    batches: list[BatchOut]


class SubstitutesOut(BaseModel):
    """Substitutes of which there is any, the best first."""

    items: list[SubstituteOut]


@queries_router.get("/substitutes")
async def list_substitutes(
    session: Session, context: CurrentContext, caller: Reader, asked: Annotated[Asked, Depends()]
) -> SubstitutesOut:
    """Say what could be had instead of an item: what is there, how much it takes, its price."""
    caller.must_cover(asked.site_id)
    await customers.must_know(session, asked.customer_id)
    await reference.site_with_warehouse(session, asked.site_id, asked.warehouse_id)
    await reference.items_of(session, [asked.item_id])
    buyer = Buyer(
        customer_id=asked.customer_id,
        site_id=asked.site_id,
        warehouse_id=asked.warehouse_id,
        currency=asked.currency,
    )
    found = await propose_substitutes(context, buyer, [Short(1, asked.item_id, asked.quantity)])
    return SubstitutesOut(items=[SubstituteOut.model_validate(one) for one in found])
