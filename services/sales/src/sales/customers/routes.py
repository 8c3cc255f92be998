"""HTTP: customers, one by one or as a sheet, and what was known of them before."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, WithJsonSchema

from contracts.wire import Amount, Code, Moment, Name
from sales.customers import queries
from sales.customers.domain import Customer, CustomerChange, CustomerKind
from sales.customers.use_cases.define_customer import change_customer, define_customer
from sales.customers.use_cases.import_customers import Line, import_customers
from sales.reference.routes import Expected, Reader
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, LineNo, Page
from servicekit.http.routing import Session, allow, command_router, query_router
from sheets.imports import ImportView, read_lines
from sheets.reading import SHEET, read_sheet

Definer = Annotated[Caller, Depends(allow("clerk", "shop_manager", "master_data"))]
Creditor = Annotated[Caller, Depends(allow("finance", "master_data"))]
"""Who agrees on limits and terms."""
Keeper = Annotated[Caller, Depends(allow("master_data"))]
LONGEST_DAYS = 3_650
Sum = Annotated[
    Amount,
    Field(ge=0),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"}),
]
VERSION = TypeAdapter(tuple[LineNo])
Days = Annotated[int, Field(ge=0, le=LONGEST_DAYS)]

commands = command_router("customers")
queries_router = query_router("customers")


class Body(BaseModel):
    """What commands take: nothing but what is described."""

    model_config = ConfigDict(extra="forbid")


class CustomerIn(Body):
    """A customer as it is to be; what is left out stays as it is."""

    customer_id: Code
    name: Name
    kind: CustomerKind | None = None
    site_id: Code | None = None
    """Which site an own shop is."""


class CreditTermsIn(Body):
    """How much a customer may owe, and within how many days it pays."""

    credit_limit: Sum
    terms_days: Days


class CustomerLine(CustomerIn):
    """A line of an import; what is left empty stays as it is."""

    credit_limit: Sum | None = None
    terms_days: Days | None = None


class CustomerFactsOut(BaseModel):
    """What is known of a customer."""

    customer_id: str
    name: str
    kind: CustomerKind
    site_id: str | None
    credit_limit: Amount
    terms_days: int
    version: int


class CustomerOut(CustomerFactsOut):
    """A customer as it is."""

    created_at: Moment


class CustomerVersionOut(CustomerFactsOut):
    """What was known of a customer, since when, and who said so."""

    changed_at: Moment
    changed_by: str


def _shown(customer: Customer, response: Response) -> CustomerOut:
    response.headers["ETag"] = f'"{customer.version}"'
    return CustomerOut.model_validate(customer, from_attributes=True)


@commands.post("/customers", status_code=201)
async def define(
    body: CustomerIn, session: Session, caller: Definer, response: Response
) -> CustomerOut:
    """Define a customer, or describe one anew."""
    wanted = CustomerChange(name=body.name, kind=body.kind, site_id=body.site_id)
    customer, _ = await define_customer(session, body.customer_id, wanted, caller.subject)
    return _shown(customer, response)


@commands.post("/customers/import-file", openapi_extra=SHEET)
async def import_sheet(request: Request, session: Session, caller: Keeper) -> ImportView:
    """Define or change the customers of a CSV or XLSX sheet; rows are reported by their number."""
    lines = read_lines(request, await read_sheet(request, CustomerLine), "customer_id", _line)
    return lines.report(await import_customers(session, lines.taken, caller.subject))


def _line(raw: Mapping[str, Any]) -> Line:
    given = dict(CustomerLine.model_validate_strings(raw))
    return given.pop("customer_id"), CustomerChange(**given)


@commands.post("/customers/{customer_id}/credit-terms")
async def agree(
    customer_id: Code,
    body: CreditTermsIn,
    session: Session,
    caller: Creditor,
    expected: Expected,
    response: Response,
) -> CustomerOut:
    """Agree on how much a customer may owe, and within how many days it pays."""
    wanted = CustomerChange(credit_limit=body.credit_limit, terms_days=body.terms_days)
    customer, _ = await change_customer(session, customer_id, wanted, caller.subject, expected)
    return _shown(customer, response)


@queries_router.get("/customers")
async def list_customers(session: Session, paging: CurrentPaging, _: Reader) -> Page[CustomerOut]:
    """List customers in order of their ids."""
    after = paging.after(1)
    rows = await queries.customers_after(session, after[0] if after else None, paging.limit + 1)
    return paging.page([CustomerOut(**row) for row in rows], lambda one: [one.customer_id])


@queries_router.get("/customers/{customer_id}")
async def read_customer(
    customer_id: Code, session: Session, _: Reader, response: Response
) -> CustomerOut:
    """Return a customer."""
    found = CustomerOut(**await queries.customer(session, customer_id))
    response.headers["ETag"] = f'"{found.version}"'
    return found


@queries_router.get("/customers/{customer_id}/versions")
async def list_versions(
    customer_id: Code, session: Session, paging: CurrentPaging, _: Reader
) -> Page[CustomerVersionOut]:
    """List what was known of a customer, version by version."""
    await queries.customer(session, customer_id)
    (after,) = paging.after_as(VERSION) or (0,)
    rows = await queries.versions_after(session, customer_id, after, paging.limit + 1)
    return paging.page([CustomerVersionOut(**row) for row in rows], lambda one: [one.version])
