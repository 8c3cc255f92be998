"""HTTP: rates of VAT on what is sold, and how invoices name customers."""

from datetime import date
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from contracts.wire import Amount, Code, Name
from sales.invoicing import queries
from sales.invoicing.domain import Scope
from sales.invoicing.use_cases.name_buyer import name_buyer
from sales.invoicing.use_cases.set_vat_rate import set_vat_rate
from sales.reference.routes import Reader
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router

Finance = Annotated[Caller, Depends(allow("finance"))]
Percent = Annotated[Amount, Field(ge=0, le=100)]

commands = command_router("invoicing")
queries_router = query_router("invoicing")

RATE = TypeAdapter(tuple[Scope, str, date])


class VatRateIn(BaseModel):
    """A rate of VAT on what is sold: of an item, of a category, or the general one."""

    model_config = ConfigDict(extra="forbid")

    scope: Scope
    name: Name | None = None
    """The item's id or the category; left out for the general rate."""
    percent: Percent
    valid_from: date


class VatRateOut(BaseModel):
    """A rate of VAT and since when it is in force."""

    model_config = ConfigDict(from_attributes=True)

    scope: Scope
    name: str
    percent: Amount
    valid_from: date
    set_by: str


class BuyerIn(BaseModel):
    """How invoices name a customer."""

    model_config = ConfigDict(extra="forbid")

    title: Name
    tax_number: Annotated[str, Field(pattern=r"^[0-9A-Z]{15,20}$")] | None = None


class BuyerOut(BuyerIn):
    """A customer as invoices name it."""

    model_config = ConfigDict(from_attributes=True)

    customer_id: str


@commands.post("/output-vat-rates", status_code=201)
async def set_rate(body: VatRateIn, session: Session, caller: Finance) -> VatRateOut:
    """Say which rate of VAT is on what is sold from a day on; the narrowest one counts."""
    of = body.scope, body.name or ""
    rate = await set_vat_rate(session, of, body.percent, body.valid_from, caller)
    return VatRateOut.model_validate(rate)


@queries_router.get("/output-vat-rates")
async def list_rates(session: Session, paging: CurrentPaging, _: Reader) -> Page[VatRateOut]:
    """List the rates of VAT on what is sold."""
    rows = await queries.rates_after(session, paging.after_as(RATE), paging.limit + 1)
    return paging.page(
        [VatRateOut(**row) for row in rows], lambda one: [one.scope, one.name, one.valid_from]
    )


@commands.post("/customers/{customer_id}/invoice-title")
async def set_buyer(
    customer_id: Code, body: BuyerIn, session: Session, caller: Finance
) -> BuyerOut:
    """Say how invoices name a customer; without it they take the customer's name."""
    buyer = await name_buyer(session, customer_id, body.title, body.tax_number, caller)
    return BuyerOut.model_validate(buyer)
