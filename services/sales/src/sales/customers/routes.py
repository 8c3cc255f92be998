"""HTTP: customers."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from contracts.wire import Code, Moment, Name
from sales.customers import queries
from sales.customers.use_cases.define_customer import define_customer
from sales.reference.routes import Reader
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router

Definer = Annotated[Caller, Depends(allow("clerk", "shop_manager", "master_data"))]

commands = command_router("customers")
queries_router = query_router("customers")


class CustomerIn(BaseModel):
    """A customer as it is to be."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Code
    name: Name


class CustomerOut(BaseModel):
    """A customer as it is."""

    customer_id: str
    name: str
    created_at: Moment


@commands.post("/customers", status_code=201)
async def define(body: CustomerIn, session: Session, _: Definer) -> CustomerOut:
    """Define a customer, or describe one anew."""
    customer = await define_customer(session, body.customer_id, body.name)
    return CustomerOut.model_validate(customer, from_attributes=True)


@queries_router.get("/customers")
async def list_customers(session: Session, paging: CurrentPaging, _: Reader) -> Page[CustomerOut]:
    """List customers in order of their ids."""
    after = paging.after(1)
    rows = await queries.customers_after(session, after[0] if after else None, paging.limit + 1)
    return paging.page([CustomerOut(**row) for row in rows], lambda one: [one.customer_id])


@queries_router.get("/customers/{customer_id}")
async def read_customer(customer_id: Code, session: Session, _: Reader) -> CustomerOut:
    """Return a customer."""
    return CustomerOut(**await queries.customer(session, customer_id))
