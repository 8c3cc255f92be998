"""HTTP: what customers owe, what they pay on account, and how they stand."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, WithJsonSchema

from contracts.wire import Amount, Code, Currency, Moment, Name, Total
from sales.credit import queries, store
from sales.credit.domain.account import Standing
from sales.credit.queries import OwedFilter
from sales.credit.use_cases.receive_payment import ReceivePayment, receive_payment
from sales.customers.domain import CustomerKind
from sales.customers.store import customer_of
from sales.reference.routes import Reader
from sales.settings import settings_of
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import (
    CurrentContext,
    Session,
    allow,
    command_router,
    query_router,
)
from sheets.lists import WantedFile

Cashier = Annotated[Caller, Depends(allow("finance", "shop_manager", "clerk"))]
NAMED_MAX = 200
POSITION = TypeAdapter(tuple[Moment, UUID])
Received = Annotated[
    Amount,
    Field(gt=0),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"}),
]

commands = command_router("credit")
queries_router = query_router("credit")


class PaymentIn(BaseModel):
    """A payment on account, in the currency of the books."""

    model_config = ConfigDict(extra="forbid")

    site_id: Code
    """Where it was received."""
    amount: Received
    reference: Name | None = None
    """What the bank or the customer calls it."""
    orders: Annotated[list[UUID], Field(max_length=NAMED_MAX)] = []
    """Which orders it is for, in this order; what is left settles the oldest."""


class PartOut(BaseModel):
    """How much of a payment settles an order."""

    model_config = ConfigDict(from_attributes=True)

    order_id: UUID
    number: str
    amount: Amount


class PaymentOut(BaseModel):
    """A payment on account; what settles no order is paid in advance."""

    payment_id: UUID
    customer_id: str
    site_id: str
    amount: Amount
    applied: Amount
    currency: Currency
    reference: str | None
    received_at: Moment
    received_by: str
    settles: list[PartOut]


class StandingOut(BaseModel):
    """What a customer may owe, owes, has paid in advance, and can still buy on credit for."""

    customer_id: str
    limit: Amount
    owed: Total
    balance: Total
    available: Total


class ReceivedOut(PaymentOut):
    """A payment just received, and how the customer stands with it."""

    account: StandingOut


class OwedOut(BaseModel):
    """What is owed for an order, and by when it was to be paid."""

    model_config = ConfigDict(from_attributes=True)

    customer_id: str
    customer_name: str
    customer_kind: CustomerKind
    site_id: str
    order_id: UUID
    number: str
    currency: Currency
    taken_at: Moment
    due_on: date
    amount: Amount
    added: Amount
    """What changes put on."""
    reduced: Amount
    """What cancelling, changes and returns took off."""
    paid: Amount
    open: Amount
    days_overdue: int
    allowed_by: str | None
    """Who let it go over the customer's limit."""
    reason: str | None


class CustomerOwedOut(BaseModel):
    """What a customer owes, by how many days it is overdue."""

    customer_id: str
    customer_name: str
    customer_kind: CustomerKind
    currency: Currency
    orders: int
    open: Total
    not_due: Total
    overdue_30: Total
    """1 to 30 days."""
    overdue_60: Total
    """31 to 60 days."""
    overdue_90: Total
    """61 to 90 days."""
    overdue_more: Total
    oldest_due_on: date


class OwedQuery(BaseModel):
    """Narrows what is owed."""

    site_id: Code | None = None
    customer_id: Code | None = None
    overdue: bool | None = None


def _asked(caller: Reader, wanted: Annotated[OwedQuery, Depends()]) -> OwedFilter:
    if wanted.site_id is not None:
        caller.must_cover(wanted.site_id)
    return OwedFilter(sites=caller.covered(), **dict(wanted))


Asked = Annotated[OwedFilter, Depends(_asked)]


def _standing(standing: Standing) -> StandingOut:
    return StandingOut.model_validate(standing, from_attributes=True)


@commands.post("/customers/{customer_id}/payments", status_code=201)
async def pay(
    customer_id: Code, body: PaymentIn, session: Session, context: CurrentContext, caller: Cashier
) -> ReceivedOut:
    """Receive a payment on account: it settles the orders named, then the oldest."""
    wanted = ReceivePayment(
        customer_id=customer_id,
        site_id=body.site_id,
        amount=body.amount,
        currency=settings_of(context).currency,
        reference=body.reference,
        orders=body.orders,
        caller=caller,
    )
    payment, settled, standing = await receive_payment(session, wanted)
    return ReceivedOut(
        **{name: getattr(payment, name) for name in PaymentOut.model_fields if name != "settles"},
        settles=[PartOut.model_validate(one) for one in settled],
        account=_standing(standing),
    )


@queries_router.get("/customers/{customer_id}/payments")
async def list_payments(
    customer_id: Code, session: Session, paging: CurrentPaging, _: Reader
) -> Page[PaymentOut]:
    """List what a customer paid on account, the newest first."""
    rows = await queries.payments_before(session, customer_id, paging.after_id(), paging.limit + 1)
    settled = await queries.settled_by(session, [row["payment_id"] for row in rows])
    shown = [
        PaymentOut(**row, settles=[PartOut(**part) for part in settled.get(row["payment_id"], [])])
        for row in rows
    ]
    return paging.page(shown, lambda one: [one.payment_id])


@queries_router.get("/customers/{customer_id}/account")
async def read_account(customer_id: Code, session: Session, _: Reader) -> StandingOut:
    """Return what a customer may owe, owes, and has paid in advance, at all sites together."""
    return _standing(await store.standing_of(session, await customer_of(session, customer_id)))


@queries_router.get("/reports/receivables")
async def list_owed(session: Session, paging: CurrentPaging, wanted: Asked) -> Page[OwedOut]:
    """List what is owed order by order, with its age against the terms, the oldest first."""
    after = paging.after_as(POSITION)
    rows = await queries.owed_by_order(session, wanted, now(), after, paging.limit + 1)
    return paging.page(
        [OwedOut(**row) for row in rows], lambda one: [one.taken_at.isoformat(), one.order_id]
    )


@queries_router.get("/reports/receivables/by-customer")
async def sum_up_owed(
    session: Session, paging: CurrentPaging, wanted: Asked
) -> Page[CustomerOwedOut]:
    """Sum up what is owed customer by customer, by how long it is overdue."""
    position = paging.after(1)
    after = None if position is None else position[0]
    rows = await queries.owed_by_customer(session, wanted, now(), after, paging.limit + 1)
    return paging.page([CustomerOwedOut(**row) for row in rows], lambda one: [one.customer_id])


@queries_router.get("/reports/receivables/export", response_class=Response)
async def export_owed(session: Session, file: WantedFile, wanted: Asked) -> Response:
    """Return what is owed order by order as a file."""
    after, limit = file.paging.after_as(POSITION), file.paging.limit + 1
    rows = await queries.owed_by_order(session, wanted, now(), after, limit)
    return await file.of(
        "receivables", OwedOut, rows, lambda one: [one.taken_at.isoformat(), one.order_id]
    )
