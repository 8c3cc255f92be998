"""HTTP: what customers pay on account, and how they stand."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from contracts.wire import Amount, Code, Currency, Moment, Name, Total
from sales.credit import queries, store
from sales.credit.domain.account import Standing
from sales.credit.use_cases.receive_payment import ReceivePayment, receive_payment
from sales.customers.store import customer_of
from sales.reference.routes import Reader
from sales.settings import settings_of
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import (
    CurrentContext,
    Session,
    allow,
    command_router,
    query_router,
)

Cashier = Annotated[Caller, Depends(allow("finance", "shop_manager", "clerk"))]
NAMED_MAX = 200
APART = {"settles", "paid_out"}
Paid = Annotated[
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
    amount: Paid
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
    """A payment on account; what is not applied is paid in advance."""

    payment_id: UUID
    customer_id: str
    site_id: str
    amount: Amount
    applied: Amount
    """How much of it settles orders, or was paid out."""
    paid_out: Amount
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


def standing_out(standing: Standing) -> StandingOut:
    """Return how a customer stands as it is shown."""
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
        **{name: getattr(payment, name) for name in PaymentOut.model_fields.keys() - APART},
        paid_out=Decimal(0),
        settles=[PartOut.model_validate(one) for one in settled],
        account=standing_out(standing),
    )


@queries_router.get("/customers/{customer_id}/payments")
async def list_payments(
    customer_id: Code, session: Session, paging: CurrentPaging, _: Reader
) -> Page[PaymentOut]:
    """List what a customer paid on account, the newest first."""
    rows = await queries.payments_before(session, customer_id, paging.after_id(), paging.limit + 1)
    ids = [row["payment_id"] for row in rows]
    settled = await queries.settled_by(session, ids)
    paid_out = await queries.paid_out_of(session, ids)
    shown = [
        PaymentOut(
            **row,
            paid_out=paid_out.get(row["payment_id"], Decimal(0)),
            settles=[PartOut(**part) for part in settled.get(row["payment_id"], [])],
        )
        for row in rows
    ]
    return paging.page(shown, lambda one: [one.payment_id])


@queries_router.get("/customers/{customer_id}/account")
async def read_account(customer_id: Code, session: Session, _: Reader) -> StandingOut:
    """Return what a customer may owe, owes, and has paid in advance, at all sites together."""
    return standing_out(await store.standing_of(session, await customer_of(session, customer_id)))
