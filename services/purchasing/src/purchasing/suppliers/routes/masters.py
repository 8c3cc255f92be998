"""HTTP: suppliers."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from contracts.wire import Amount, Code, Moment, Name
from papers.labels import SVG, label
from purchasing.reference.domain import supplier_code
from purchasing.reference.routes import Reader
from purchasing.suppliers import queries, store
from purchasing.suppliers.domain import NAMED_MAX, InvoiceBooking
from purchasing.suppliers.use_cases.change_portal_users import (
    add_portal_user,
    remove_portal_user,
)
from purchasing.suppliers.use_cases.define_supplier import (
    book_invoices_of,
    change_supplier,
    define_supplier,
)
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router

Definer = Annotated[Caller, Depends(allow("buyer", "master_data"))]
Finance = Annotated[Caller, Depends(allow("finance"))]
Percent = Annotated[
    Amount,
    Field(ge=0, le=100),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,2})?$"}),
]

Days = Annotated[int, Field(ge=0, le=3650, strict=True)]
Tolerance = Annotated[Amount, Field(ge=0)]
TaxId = Annotated[str, Field(pattern=r"^[0-9A-Z]{15,20}$")]
"""As the tax office writes it: 15 to 20 digits and capital letters."""
Mail = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]

commands = command_router("suppliers")
queries_router = query_router("suppliers")


class Terms(BaseModel):
    """Terms of a supplier; those that are not given stay as they are."""

    model_config = ConfigDict(extra="forbid")

    payment_days: Days = 0
    lead_days: Days = 0
    price_tolerance_percent: Percent = Decimal(0)
    quantity_tolerance_percent: Percent = Decimal(0)
    total_tolerance: Tolerance = Decimal(0)
    tax_id: TaxId | None = None
    contact_mail: Mail | None = None


class SupplierIn(Terms):
    """A supplier as it is to be."""

    supplier_id: Code
    name: Name
    over_receipt_percent: Percent = Decimal(0)


class SupplierChangeIn(Terms):
    """What is to be different."""

    name: Name = ""
    over_receipt_percent: Percent = Decimal(0)


class SupplierOut(BaseModel):
    """A supplier as it is."""

    supplier_id: str
    name: str
    over_receipt_percent: Percent
    created_at: Moment
    payment_days: int
    lead_days: int
    price_tolerance_percent: Percent
    quantity_tolerance_percent: Percent
    total_tolerance: Amount
    tax_id: str | None
    contact_mail: str | None
    invoice_booking: InvoiceBooking
    invoice_booking_since: Moment | None
    """Since when what is confirmed is booked by itself."""


class InvoiceBookingIn(BaseModel):
    """Whether invoices that were read are booked by themselves."""

    model_config = ConfigDict(extra="forbid")

    invoice_booking: InvoiceBooking


class SupplierChangeOut(BaseModel):
    """How one term changed, who changed it and when."""

    change_id: UUID
    field: str
    was: str | None
    became: str | None
    changed_at: Moment
    changed_by: str


class SuspensionOut(BaseModel):
    """Whether a supplier gets new orders, and which order lines keep it from them."""

    supplier_id: str
    suspended: bool
    since: Moment | None
    count: int
    lines: list[str]
    """The oldest of them, as people call them; `count` counts all."""


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


def given(body: Terms) -> dict[str, Any]:
    """Return what the caller gave, as it was read: a dump would write decimals as text."""
    return {name: getattr(body, name) for name in body.model_fields_set}


@commands.post("/suppliers", status_code=201)
async def define(body: SupplierIn, session: Session, caller: Definer) -> SupplierOut:
    """Define a supplier, or describe one anew; terms that are not given stay as they are."""
    terms = given(body) | {"over_receipt_percent": body.over_receipt_percent}
    del terms["supplier_id"]
    supplier = await define_supplier(session, body.supplier_id, terms, caller.subject)
    return SupplierOut.model_validate(supplier, from_attributes=True)


@commands.post("/suppliers/{supplier_id}/change")
async def change(
    supplier_id: Code, body: SupplierChangeIn, session: Session, caller: Definer
) -> SupplierOut:
    """Change the terms given, and no others.

    With another name, tax id or tolerance its invoices are booked by hand again, until finance lets
    them be booked by themselves anew.
    """
    supplier = await change_supplier(session, supplier_id, given(body), caller.subject)
    return SupplierOut.model_validate(supplier, from_attributes=True)


@commands.post("/suppliers/{supplier_id}/invoice-booking")
async def set_invoice_booking(
    supplier_id: Code, body: InvoiceBookingIn, session: Session, caller: Finance
) -> SupplierOut:
    """Say whether the supplier's uploaded invoices are booked and matched by themselves.

    With `when_read` they are, as soon as nothing in them is in doubt; those that were confirmed
    before are left to people. Refused for a supplier without a tax id. Data and text are taken at
    their word: what the supplier's own people upload is booked so only if it is matched at once,
    within the tolerances, but a made-up number passes until somebody checks it.
    """
    supplier = await book_invoices_of(session, supplier_id, body.invoice_booking, caller.subject)
    return SupplierOut.model_validate(supplier, from_attributes=True)


@queries_router.get("/suppliers/{supplier_id}/changes")
async def list_changes(
    supplier_id: Code, session: Session, paging: CurrentPaging, _: Reader
) -> Page[SupplierChangeOut]:
    """List how a supplier's terms changed, the newest change first."""
    await queries.supplier(session, supplier_id)
    rows = await queries.changes_before(session, supplier_id, paging.after_id(), paging.limit + 1)
    return paging.page([SupplierChangeOut(**row) for row in rows], lambda one: [one.change_id])


@queries_router.get(
    "/suppliers/{supplier_id}/label",
    response_class=Response,
    responses={200: {"content": {SVG: {}}}},
)
async def get_label(supplier_id: Code, session: Session, _: Reader) -> Response:
    """Return the supplier's QR code with its name, as SVG."""
    found = await queries.supplier(session, supplier_id)
    drawn = label(supplier_code(supplier_id), found["name"])
    return Response(drawn, media_type=SVG)


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


@queries_router.get("/suppliers/{supplier_id}/suspension")
async def read_suspension(supplier_id: Code, session: Session, _: Reader) -> SuspensionOut:
    """Say whether a supplier is suspended for new orders, since when and by which lines."""
    await queries.supplier(session, supplier_id)
    overdue = await store.overdue_of(session, supplier_id)
    return SuspensionOut(
        supplier_id=supplier_id,
        suspended=bool(overdue),
        since=overdue[0].since if overdue else None,
        count=len(overdue),
        lines=[line.name for line in overdue[:NAMED_MAX]],
    )


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
