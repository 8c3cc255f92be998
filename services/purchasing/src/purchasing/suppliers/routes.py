"""HTTP: suppliers."""

from decimal import Decimal
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from contracts.wire import Amount, Code, Moment, Name
from purchasing.reference.routes import Reader
from purchasing.suppliers import queries
from purchasing.suppliers.use_cases.change_portal_users import (
    add_portal_user,
    remove_portal_user,
)
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


class PortalUserIn(BaseModel):
    """A person, by the subject of their token."""

    model_config = ConfigDict(extra="forbid")

    subject: Name


class PortalUserOut(PortalUserIn):
    """A person who acts for a supplier."""

    model_config = ConfigDict(from_attributes=True)

    supplier_id: str
    added_at: Moment
    added_by: str


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


@commands.post("/suppliers/{supplier_id}/users", status_code=201)
async def add_user(
    supplier_id: Code, body: PortalUserIn, session: Session, caller: Definer
) -> PortalUserOut:
    """Let a person act for the supplier: the role `supplier` alone shows them nothing."""
    user = await add_portal_user(session, supplier_id, body.subject, caller.subject)
    return PortalUserOut.model_validate(user)


@commands.post("/suppliers/{supplier_id}/users/remove")
async def remove_user(
    supplier_id: Code, body: PortalUserIn, session: Session, _: Definer
) -> PortalUserOut:
    """Let a person no longer act for the supplier."""
    return PortalUserOut.model_validate(
        await remove_portal_user(session, supplier_id, body.subject)
    )


@queries_router.get("/suppliers/{supplier_id}/users")
async def list_users(
    supplier_id: Code, session: Session, paging: CurrentPaging, _: Definer
) -> Page[PortalUserOut]:
    """List who acts for the supplier."""
    await queries.supplier(session, supplier_id)
    after = paging.after(1)
    rows = await queries.users_after(
        session, supplier_id, after[0] if after else None, paging.limit + 1
    )
    return paging.page([PortalUserOut(**row) for row in rows], lambda one: [one.subject])
