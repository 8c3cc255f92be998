"""HTTP: suppliers."""

from decimal import Decimal
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from contracts.wire import Amount, Code, Moment, Name
from purchasing.reference.routes import Reader
from purchasing.suppliers import queries
from purchasing.suppliers.use_cases.define_supplier import DefineSupplier, define_supplier
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router

Definer = Annotated[Caller, Depends(allow("buyer", "master_data"))]
Percent = Annotated[
    Amount,
    Field(ge=0, le=100),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,2})?$"}),
]

commands = command_router("suppliers")
queries_router = query_router("suppliers")


class SupplierIn(BaseModel):
    """A supplier as it is to be."""

    model_config = ConfigDict(extra="forbid")

    supplier_id: Code
    name: Name
    over_receipt_percent: Percent = Decimal(0)


class SupplierOut(BaseModel):
    """A supplier as it is."""

    supplier_id: str
    name: str
    over_receipt_percent: Percent
    created_at: Moment


@commands.post("/suppliers", status_code=201)
async def define(body: SupplierIn, session: Session, _: Definer) -> SupplierOut:
    """Define a supplier, or describe one anew."""
    order = DefineSupplier(body.supplier_id, body.name, body.over_receipt_percent)
    supplier = await define_supplier(session, order)
    return SupplierOut.model_validate(supplier, from_attributes=True)


@queries_router.get("/suppliers")
async def list_suppliers(session: Session, paging: CurrentPaging, _: Reader) -> Page[SupplierOut]:
    """List suppliers in order of their ids."""
    after = paging.after(1)
    rows = await queries.suppliers_after(session, after[0] if after else None, paging.limit + 1)
    return paging.page([SupplierOut(**row) for row in rows], lambda one: [one.supplier_id])


@queries_router.get("/suppliers/{supplier_id}")
async def read_supplier(supplier_id: Code, session: Session, _: Reader) -> SupplierOut:
    """Return a supplier."""
    return SupplierOut(**await queries.supplier(session, supplier_id))
